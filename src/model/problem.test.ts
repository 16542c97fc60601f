import { expect, test } from "vitest";
import { messageOf, Problem } from "./problem.ts";
import { Secret } from "./secret.ts";

test("texts of any length are cut, and keep how they begin and end", () => {
  const text = `begin ${"x".repeat(1_000_000)} (after 3 attempts)`;
  const problem = new Problem({ kind: "undetermined", code: "x", message: text, place: text, hint: text });
  for (const part of [problem.message, problem.place, problem.hint, messageOf(new Error(text))]) {
    expect(part?.length).toBeLessThan(2100);
    expect(part).toMatch(/^begin xxx.*\[\d+ characters left out\].*xxx \(after 3 attempts\)$/);
  }
});

test("what is cut was without secrets before", () => {
  new Secret("0c2d7e5f-9a10-4d0c");
  const message = `${"x".repeat(1795)}0c2d7e5f-9a10-4d0c${"x".repeat(1000)}`;
  expect(new Problem({ kind: "undetermined", code: "x", message }).message).not.toMatch(/0c2d|9a10|4d0c/);
});
