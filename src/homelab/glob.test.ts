import { expect, test } from "vitest";
import { glob, globFault } from "./glob.ts";

test.each([
  ["*", ["", "web"], []],
  ["web-*", ["web-", "web-1"], ["web", "xweb-1"]],
  ["*-db-*", ["a-db-b", "a-db-db-"], ["a-db", "-db"]],
  ["w?b", ["web", "w日b", "w🚀b"], ["wb", "weeb"]],
  ["web-[1-39]", ["web-1", "web-3", "web-9"], ["web-4", "web-", "web-12"]],
  ["web-[!1-3]", ["web-4", "web-x"], ["web-1", "web-"]],
  ["web-[^1]", ["web-2"], ["web-1"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["a.b+(c)$", ["a.b+(c)$"], ["axb+(c)$", "a.bb(c)"]],
  ["", [""], ["a"]],
])("%j matches %j and not %j", (pattern, yes, no) => {
  expect(yes.filter(glob(pattern))).toEqual(yes);
  expect(no.filter(glob(pattern))).toEqual([]);
});

test("in addresses brackets stand for themselves", () => {
  const matches = glob('module.vms["*"].disk[?]', { brackets: "literal" });
  expect(matches('module.vms["web"].disk[0]')).toBe(true);
  expect(matches("module.vms.disk0")).toBe(false);
  expect(glob("[", { brackets: "literal" })("[")).toBe(true);
});

test("a pattern full of stars is no work", () => {
  // As a regular expression, this would not come back.
  expect(glob(`${"*a".repeat(200)}*b`)("a".repeat(2000))).toBe(false);
});

test.each([
  ["web-[1-3]", undefined],
  ["[a", /without/],
  ["a]", /without/],
  ["[]", /without/],
  ["[c-a]", /range/],
  ["a".repeat(501), /longer than 500/],
])("%j: %s", (pattern, fault) => {
  if (fault === undefined) expect(globFault(pattern)).toBeUndefined();
  else expect(globFault(pattern)).toMatch(fault);
});
