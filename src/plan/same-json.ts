import { childOf, isObject, type JsonValue } from "../model/json.ts";

/**
 * Null, missing, and an empty text, list or map: providers return one for the other (those on Terraform's older SDK
 * cannot tell them apart), and none of them is a setting.
 */
export function isNothing(value: JsonValue | undefined): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** Equal, nothing being equal to nothing; a number never equals a string. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const key in a) if (!sameJson(a[key], childOf(b, key))) return false;
  for (const key in b) if (!Object.hasOwn(a, key) && !isNothing(b[key])) return false;
  return true;
}

/** Whether a tree of marks, as plans have them for unknown and sensitive values, marks anything. */
export function marksAnything(marks: JsonValue | undefined): boolean {
  if (typeof marks !== "object" || marks === null) return marks === true;
  if (Array.isArray(marks)) return marks.some(marksAnything);
  for (const key in marks) if (marksAnything(marks[key])) return true;
  return false;
}
