import { describe, expect, test } from "vitest";
import type { JsonValue } from "../model/json.ts";
import { changedLeaves, isRelated, isWithin, pathOf, type Sides, topLevelOf } from "./leaf-paths.ts";

const paths = (before: JsonValue, after: JsonValue, more: Partial<Sides> = {}) =>
  changedLeaves({ before, after, ...more }).map(({ path }) => path);

describe("what differs", () => {
  test.each<[string, JsonValue, JsonValue, string[]]>([
    [
      "a scalar in a block",
      { memory: [{ dedicated: 1 }] },
      { memory: [{ dedicated: 2 }] },
      ["memory[0].dedicated"],
    ],
    ["a number and a string", { a: 1 }, { a: "1" }, ["a"]],
    ["false and null", { a: false }, { a: null }, ["a"]],
    ["0 and null", { a: 0 }, { a: null }, ["a"]],
    ["a list of scalars as a whole", { tags: ["a", "b"] }, { tags: ["a", "b", "c"] }, ["tags"]],
    ["a list that empties", { tags: ["a"] }, { tags: [] }, ["tags"]],
    ["a list of lists by element", { ips: [["a"], ["b"]] }, { ips: [["a"], ["c"]] }, ["ips[1]"]],
    ["a block that came", { disk: [{ size: 1 }] }, { disk: [{ size: 1 }, { size: 2 }] }, ["disk[1]"]],
    ["the first block", { disk: null }, { disk: [{ size: 1 }] }, ["disk[0]"]],
    ["a map that came", { labels: null }, { labels: { a: "b" } }, ["labels"]],
    ["keys that are no names", { labels: { "a.b": 1 } }, { labels: { "a.b": 2 } }, ['labels["a.b"]']],
    ["a list that becomes a map", { a: [{ b: 1 }] }, { a: { b: 1 } }, ["a"]],
  ])("%s", (_, before, after, expected) => {
    expect(paths(before, after)).toEqual(expected);
    expect(paths(after, before)).toEqual(expected);
  });

  test.each<[string, JsonValue, JsonValue]>([
    ["null and missing", { a: null }, {}],
    ["null and an empty text", { a: null }, { a: "" }],
    ["null and an empty list", { a: null }, { a: [] }],
    ["an empty list and an empty map", { a: [] }, { a: {} }],
    ["missing inside a block", { a: [{ b: 1, c: null }] }, { a: [{ b: 1, d: [] }] }],
    ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ])("not: %s", (_, before, after) => {
    expect(paths(before, after)).toEqual([]);
    expect(paths(after, before)).toEqual([]);
  });
});

describe("unknown until applied", () => {
  test("an attribute, wherever it is", () => {
    const unknown = { id: true, disk: [{ path: true }] };
    expect(
      changedLeaves({
        before: { id: "1", disk: [{ path: "x" }] },
        after: { disk: [{}] },
        afterUnknown: unknown,
      }),
    ).toEqual([
      { path: "id", before: "1", after: "(known after apply)", unknown: true },
      { path: "disk[0].path", before: "x", after: "(known after apply)", unknown: true },
    ]);
  });

  test("an element of a list of scalars: unknown when the others stay, known when they do not", () => {
    const afterUnknown = { a: [false, true] };
    expect(
      changedLeaves({ before: { a: ["x", "y"] }, after: { a: ["x", null] }, afterUnknown })[0]?.unknown,
    ).toBe(true);
    expect(changedLeaves({ before: { a: ["x", "y"] }, after: { a: ["z", null] }, afterUnknown })).toEqual([
      { path: "a", before: ["x", "y"], after: ["z", "(known after apply)"] },
    ]);
  });

  test("marks of false are no change", () => {
    expect(paths({ a: ["x"] }, { a: ["x"] }, { afterUnknown: { a: [false] } })).toEqual([]);
  });
});

describe("sensitive values are never shown", () => {
  const secret = "hunter2";
  const withSecret = { account: [{ name: "a", password: secret, keys: [secret, "b"] }] };
  const marks = { account: [{ password: true, keys: [true, false] }] };

  test.each<[string, Partial<Sides>]>([
    ["before", { beforeSensitive: marks }],
    ["after", { afterSensitive: marks }],
  ])("marked %s, both sides are masked", (_, mark) => {
    for (const [before, after] of [
      [withSecret, { account: [{ name: "a", password: "other", keys: ["c"] }] }],
      [{ account: [{ name: "a" }] }, withSecret],
      [withSecret, { account: [] }],
      [{}, withSecret],
    ] as [JsonValue, JsonValue][]) {
      const leaves = changedLeaves({ before, after, ...mark });
      expect(leaves.length).toBeGreaterThan(0);
      expect(JSON.stringify(leaves)).not.toContain(secret);
      expect(JSON.stringify(leaves)).toContain("(sensitive)");
    }
  });

  test("a whole block that is sensitive is one leaf", () => {
    const leaves = changedLeaves({
      before: { a: { b: secret } },
      after: { a: { b: "x" } },
      beforeSensitive: { a: true },
    });
    expect(leaves).toEqual([{ path: "a", before: "(sensitive)", after: "(sensitive)" }]);
  });
});

test("attributes that are not set are left out of a block that is shown whole", () => {
  const [leaf] = changedLeaves({ before: {}, after: { disk: [{ size: 1, file: null, speed: [] }] } });
  expect(leaf).toEqual({ path: "disk[0]", after: { size: 1 } });
});

test("where a path lies", () => {
  expect(isWithin("disk[1].size", "disk[1]")).toBe(true);
  expect(isWithin("disk[10].size", "disk[1]")).toBe(false);
  expect(isWithin("disk[1]", "disk[1]")).toBe(false);
  expect(isRelated("disk[1]", "disk[1].size")).toBe(true);
  expect(isRelated("disk[0]", "disk[1]")).toBe(false);
  expect(topLevelOf("memory[0].dedicated")).toBe("memory");
  expect(pathOf(["disk", 0, "file_id"])).toBe("disk[0].file_id");
});

describe("any two values", () => {
  const random = generator(20_260_301);
  const pairs = Array.from({ length: 300 }, () => {
    const before = randomObject(random, 3);
    return { before, after: random() < 0.5 ? randomObject(random, 3) : changedCopy(random, before) };
  });

  test("a value does not differ from itself", () => {
    for (const { before } of pairs) expect(paths(before, structuredClone(before))).toEqual([]);
  });

  test("the same paths differ in either direction, with the values exchanged", () => {
    for (const { before, after } of pairs) {
      const forth = changedLeaves({ before, after });
      const back = changedLeaves({ before: after, after: before });
      const byPath = (leaves: typeof forth) => leaves.toSorted((a, b) => (a.path < b.path ? -1 : 1));
      expect(byPath(back).map(({ path, before: b, after: a }) => ({ path, before: a, after: b }))).toEqual(
        byPath(forth).map(({ path, before: b, after: a }) => ({ path, before: b, after: a })),
      );
    }
  });

  test("no path twice, and none within another", () => {
    for (const { before, after } of pairs) {
      const all = paths(before, after);
      expect(new Set(all).size).toBe(all.length);
      expect(all.filter((path) => all.some((other) => isWithin(path, other)))).toEqual([]);
    }
  });
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomObject(random: () => number, depth: number): { [key: string]: JsonValue } {
  const keys = ["a", "b", "c", "d.e"].filter(() => random() < 0.7);
  return Object.fromEntries(keys.map((key) => [key, randomValue(random, depth)]));
}

function randomValue(random: () => number, depth: number): JsonValue {
  const kind = random();
  if (depth === 0 || kind < 0.5) return ([null, true, 1, "1", ""] as const)[Math.floor(random() * 5)] ?? null;
  const length = Math.floor(random() * 3);
  if (kind < 0.65) return Array.from({ length }, () => randomObject(random, depth - 1));
  if (kind < 0.8) return Array.from({ length }, () => (random() < 0.5 ? "x" : "y"));
  return randomObject(random, depth - 1);
}

function changedCopy(
  random: () => number,
  value: { [key: string]: JsonValue },
): { [key: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, random() < 0.7 ? inner : randomValue(random, 2)]),
  );
}
