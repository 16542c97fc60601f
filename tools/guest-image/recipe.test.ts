import { expect, test } from "vitest";
import { imageKey, recipe } from "./recipe.ts";

test("another Docker Compose is another image; its name says which Debian it is", () => {
  expect(imageKey("compose-2")).toBe(imageKey("compose-2"));
  expect(imageKey("compose-2")).not.toBe(imageKey("compose-3"));
  expect(imageKey("compose-2")).toMatch(new RegExp(`^debian-${recipe.suite}-[0-9a-f]{12}$`));
});
