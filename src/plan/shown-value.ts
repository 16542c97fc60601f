import { sensitiveValue, unknownValue } from "../model/drift.ts";
import { childOf, isObject, type JsonObject, type JsonValue } from "../model/json.ts";
import { isNothing } from "./same-json.ts";

type Marks = JsonValue | undefined;

/**
 * A value as it may be shown: attributes that are not set are left out, sensitive ones masked, and those that only
 * applying determines say so. Undefined where there is nothing.
 */
export function shown(
  value: JsonValue | undefined,
  sensitive: Marks[],
  unknown?: Marks,
): JsonValue | undefined {
  if (sensitive.includes(true)) return isNothing(value) && unknown === undefined ? undefined : sensitiveValue;
  if (unknown === true) return unknownValue;
  const inner = (key: string | number) => {
    const marks = sensitive.map((mark) => childOf(mark, key));
    return shown(childOf(value, key), marks, childOf(unknown, key));
  };
  if (Array.isArray(value))
    return value.length === 0 ? undefined : value.map((_, index) => inner(index) ?? null);
  if (!isObject(value)) return value === null ? undefined : value;
  const result: JsonObject = {};
  for (const key of new Set([...Object.keys(value), ...(isObject(unknown) ? Object.keys(unknown) : [])])) {
    const part = inner(key);
    if (part !== undefined) result[key] = part;
  }
  return result;
}
