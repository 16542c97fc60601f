import { type AttributeChange, sensitiveValue, unknownValue } from "../model/drift.ts";
import { childOf, isObject, type JsonObject, type JsonValue } from "../model/json.ts";
import { isNothing, marksAnything, sameJson } from "./same-json.ts";
import { shown } from "./shown-value.ts";

/** A leaf that differs, with its values ready to be shown. */
export interface LeafChange extends AttributeChange {
  /** There is no known difference: the new value is known after apply. */
  unknown?: true;
}

/** The two sides of a change as the plan's JSON gives them; the last three mark parts of them by `true`. */
export interface Sides {
  before: JsonValue | undefined;
  after: JsonValue | undefined;
  afterUnknown?: JsonValue | undefined;
  beforeSensitive?: JsonValue | undefined;
  afterSensitive?: JsonValue | undefined;
}

/**
 * The leaves that differ, in the order of the attributes. A leaf is a scalar, a list of scalars (one value to its
 * reader, and often a set), or a whole block or map that only one side has. Sensitive values are masked.
 */
export function changedLeaves(sides: Sides): LeafChange[] {
  const found: LeafChange[] = [];
  walk("", sides, found);
  return found;
}

/** Whether `path` lies strictly below `ancestor`. */
export function isWithin(path: string, ancestor: string): boolean {
  if (!path.startsWith(ancestor)) return false;
  const next = path[ancestor.length];
  return next === "." || next === "[";
}

/** Whether two paths are the same, or one lies within the other. */
export function isRelated(a: string, b: string): boolean {
  return a === b || isWithin(a, b) || isWithin(b, a);
}

/** The first step of a path: `memory` of `memory[0].dedicated`. */
export function topLevelOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

function walk(path: string, sides: Sides, found: LeafChange[]): void {
  const { before, after, afterUnknown } = sides;
  const anyUnknown = marksAnything(afterUnknown);
  if (!anyUnknown && sameJson(before, after)) return;
  const whole = afterUnknown === true || sides.beforeSensitive === true || sides.afterSensitive === true;
  if (!whole && isObject(before) && isObject(after)) {
    for (const key of keysOf(before, after, afterUnknown)) {
      const left = before[key];
      // Most attributes are scalars that did not change.
      if (isScalar(left) && left === after[key] && childOf(afterUnknown, key) !== true) continue;
      walk(stepTo(path, key), sidesAt(sides, key), found);
    }
    return;
  }
  const length = whole ? 0 : countOfNested(before, after);
  if (length > 0) {
    for (let index = 0; index < length; index++) walk(`${path}[${index}]`, sidesAt(sides, index), found);
    return;
  }
  const sameWhereKnown = afterUnknown === true || sameJson(before, knownPart(sides));
  if (!sameWhereKnown || anyUnknown) found.push(leafOf(path, sides, sameWhereKnown));
}

function isScalar(value: JsonValue | undefined): boolean {
  return value !== undefined && typeof value !== "object";
}

function* keysOf(before: JsonObject, after: JsonObject, unknown: JsonValue | undefined): Iterable<string> {
  yield* Object.keys(before);
  for (const key in after) if (!Object.hasOwn(before, key)) yield key;
  if (!isObject(unknown)) return;
  for (const key in unknown) if (!Object.hasOwn(before, key) && !Object.hasOwn(after, key)) yield key;
}

/** How many elements to compare one by one: 0 unless both sides are lists and one of them holds lists or maps. */
function countOfNested(before: JsonValue | undefined, after: JsonValue | undefined): number {
  const left = Array.isArray(before) ? before : [];
  const right = Array.isArray(after) ? after : [];
  if (left.length === 0 && !isNothing(before)) return 0;
  if (right.length === 0 && !isNothing(after)) return 0;
  const nested = (value: JsonValue) => typeof value === "object" && value !== null;
  return left.some(nested) || right.some(nested) ? Math.max(left.length, right.length) : 0;
}

/** The new value, with the old one's elements where a list holds unknown ones. */
function knownPart({ before, after, afterUnknown }: Sides): JsonValue | undefined {
  if (!Array.isArray(after) || !Array.isArray(before)) return after;
  return after.map((item, index) => (childOf(afterUnknown, index) === true ? (before[index] ?? null) : item));
}

function leafOf(path: string, sides: Sides, unknown: boolean): LeafChange {
  const marks = [sides.beforeSensitive, sides.afterSensitive];
  const leaf: LeafChange = { path };
  const before = shown(sides.before, marks);
  const after = unknown ? unknownOf(marks) : shown(sides.after, marks, sides.afterUnknown);
  if (before !== undefined) leaf.before = before;
  if (after !== undefined) leaf.after = after;
  if (unknown) leaf.unknown = true;
  return leaf;
}

function unknownOf(marks: (JsonValue | undefined)[]): string {
  return marks.includes(true) ? sensitiveValue : unknownValue;
}

function sidesAt(sides: Sides, key: string | number): Sides {
  return {
    before: childOf(sides.before, key),
    after: childOf(sides.after, key),
    afterUnknown: childOf(sides.afterUnknown, key),
    beforeSensitive: childOf(sides.beforeSensitive, key),
    afterSensitive: childOf(sides.afterSensitive, key),
  };
}

/** A path given by its steps, as plans list the attributes that force a replacement. */
export function pathOf(steps: readonly JsonValue[]): string {
  return steps.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : stepTo(path, String(key))),
    "",
  );
}

function stepTo(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
