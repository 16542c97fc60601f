import { expect, test } from "vitest";
import { isProblem, type Problem } from "../model/problem.ts";
import type { Selectable } from "./pattern.ts";
import { type Selection, select } from "./select.ts";

const kinds = ["node", "vm", "lxc", "service"];
const known: Selectable[] = [
  { type: "node", name: "pve1" },
  { type: "vm", name: "Web-1" },
  { type: "vm", name: "web-2" },
  { type: "lxc", name: "dns" },
  { type: "lxc", name: "monitoring" },
];

function chosen(selection: Selection, warnings: string[] = [], everything = true): string[] {
  const selected = select(selection, known, { kinds, everything, warn: (line) => warnings.push(line) });
  return known.filter(selected).map((component) => component.name);
}

function refusal(selection: Selection): Problem {
  try {
    chosen(selection);
  } catch (error) {
    if (isProblem(error)) return error;
  }
  throw new Error("nothing was refused");
}

test("nothing named selects everything", () => {
  expect(chosen({})).toHaveLength(known.length);
});

test.each([
  [{ components: ["vm"] }, ["Web-1", "web-2"]],
  [{ components: ["LXC"] }, ["dns", "monitoring"]],
  [{ components: ["web-1"] }, ["Web-1"]],
  [{ components: ["WEB-*"] }, ["Web-1", "web-2"]],
  [{ components: ["web-[2-9]", "node"] }, ["pve1", "web-2"]],
  [{ components: ["web-[!2]"] }, ["Web-1"]],
  [{ components: ["d?s"] }, ["dns"]],
  [{ components: ["monitoring"] }, ["monitoring"]],
  [{ exclusions: ["vm", "node"] }, ["dns", "monitoring"]],
  [{ components: ["lxc"], exclusions: ["dns"] }, ["monitoring"]],
  [{ lasting: [{ pattern: "web-?", place: "f:1" }] }, ["pve1", "dns", "monitoring"]],
] satisfies [Selection, string[]][])("%j selects %j", (selection, names) => {
  expect(chosen(selection)).toEqual(names);
});

test.each([
  [{ components: ["wbe-1"] }, "selection-matches-nothing"],
  [{ exclusions: ["db-*"] }, "selection-matches-nothing"],
  [{ components: ["minio"] }, "selection-matches-nothing"],
  [{ components: ["service"] }, "selection-matches-nothing"],
  [{ components: ["a b"] }, "selection-unreadable"],
  [{ components: [""] }, "selection-unreadable"],
  [{ components: ["web-["] }, "selection-unreadable"],
  [{ components: ["web-[9-0]"] }, "selection-unreadable"],
  [{ components: ["dns"], exclusions: ["lxc"] }, "selection-leaves-nothing"],
] satisfies [Selection, string][])("%j is refused as %s", (selection, code) => {
  expect(refusal(selection)).toMatchObject({ kind: "usage", code });
});

test("a refusal says what there is", () => {
  expect(refusal({ components: ["wbe-1"] }).message).toContain("pve1, Web-1, web-2, dns, monitoring");
  expect(refusal({ components: ["service"] }).message).toContain("nothing of that kind");
});

test("an exclusion from a file that matches nothing is a warning with its place", () => {
  const warnings: string[] = [];
  expect(chosen({ lasting: [{ pattern: "gone", place: "exclusions.conf:3" }] }, warnings)).toHaveLength(5);
  expect(warnings).toEqual([expect.stringContaining("exclusions.conf:3")]);
});

test("while an inventory is missing, a pattern that matches nothing is a warning", () => {
  const warnings: string[] = [];
  expect(chosen({ components: ["elsewhere"] }, warnings, false)).toEqual([]);
  expect(warnings).toHaveLength(1);
});
