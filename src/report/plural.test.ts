import { expect, test } from "vitest";
import { count, enumerate } from "./plural.ts";

test("one and many", () => {
  expect(count(1, "guest")).toBe("1 guest");
  expect(count(0, "guest")).toBe("0 guests");
  expect(count(2, "entry", "entries")).toBe("2 entries");
});

test("lists as people say them, always with how many more there are", () => {
  expect(enumerate([])).toBe("");
  expect(enumerate(["a"])).toBe("a");
  expect(enumerate(["a", "b"])).toBe("a and b");
  expect(enumerate(["a", "b", "c"])).toBe("a, b and c");
  expect(enumerate(["a", "b", "c", "d", "e"], 2)).toBe("a, b and 3 more");
});
