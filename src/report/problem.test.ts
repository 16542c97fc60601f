import { expect, test } from "vitest";
import { Problem } from "../model/problem.ts";
import { renderProblem } from "./problem.ts";
import { hostile } from "./test-reports.ts";

test("a problem is its message, its place and what to try", () => {
  const problem = new Problem({
    kind: "configuration",
    code: "config-invalid",
    message: "health.timeout is 'fast', expected a number of seconds",
    place: "pve-home.yaml:12",
    hint: "timeout: 10",
  });
  expect(renderProblem(problem)).toBe(`\
pve-home: health.timeout is 'fast', expected a number of seconds
  at pve-home.yaml:12
  try: timeout: 10
`);
});

test("a problem has neither stack nor empty lines", () => {
  const problem = new Problem({
    kind: "usage",
    code: "x",
    message: "no such environment: prd",
    cause: new Error("inner"),
  });
  expect(renderProblem(problem)).toBe("pve-home: no such environment: prd\n");
});

test("anything else is a bug and comes with its stack and its causes", () => {
  const text = renderProblem(new TypeError("x is not a function", { cause: new Error("because of y") }));
  expect(text).toMatch(
    /^pve-home: this is a bug in pve-home: x is not a function\n {4}at .*problem\.test\.ts/,
  );
  expect(text).toContain("  caused by: because of y\n    at ");
  expect(text).toContain("please report it");
  expect(renderProblem("just text")).toContain("this is a bug in pve-home: just text\n");
});

test("a problem of kind bug is reported as one", () => {
  const text = renderProblem(new Problem({ kind: "bug", code: "duplicate-series", message: "twice" }));
  expect(text).toContain("this is a bug in pve-home: twice\n    at ");
});

test("errors that cause each other come to an end", () => {
  const error = new Error("round");
  error.cause = error;
  expect(renderProblem(error)).toContain("round");
});

test("colour only when asked for, and no escapes from outside", () => {
  const problem = new Problem({ kind: "usage", code: "x", message: hostile, place: hostile, hint: hostile });
  expect(renderProblem(problem).replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
  expect(renderProblem(problem, { colour: true })).toContain("\ufdd031mpve-home:");
});
