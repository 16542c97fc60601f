export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export type JsonObject = { [key: string]: JsonValue };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is at a key or an index; undefined where there is no such thing, whatever `value` is. */
export function childOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value of a JSON text; undefined where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON whose strings are all well-formed: half of a surrogate pair, which many parsers refuse, becomes U+FFFD. */
export function jsonText(value: unknown, indent?: number): string {
  // JSON.stringify writes each such half as an escape, and nothing else above U+001F.
  return JSON.stringify(value, null, indent).replace(
    /\\(ud[89a-f][0-9a-f]{2}|.)/g,
    (escaped, what: string) => (what.length > 1 ? "\ufffd" : escaped),
  );
}
