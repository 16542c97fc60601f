import { expect, test } from "vitest";
import { parseToolVersion } from "./resolve-tool.ts";
import { atLeast, parseVersion } from "./version.ts";

test.each([
  ["go1.26.8", [1, 26, 8]],
  ["1.12.6-dev", [1, 12, 6]],
  ["go1.22", [1, 22, 0]],
  ["promtool, version 3.15.0 (branch: )", [3, 15, 0]],
  ["no numbers", undefined],
])("the version in %j", (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test.each([
  [[1, 10, 0], [1, 10, 0], true],
  [[1, 9, 8], [1, 10, 0], false],
  [[2, 0, 0], [1, 10, 5], true],
  [[1, 10, 4], [1, 10, 5], false],
] as const)("%j is at least %j: %j", (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});

test.each([
  ["OpenTofu v1.12.6\non linux_amd64\n", { kind: "tofu", version: "1.12.6" }],
  [
    "Terraform v1.11.4\non linux_amd64\n\nYour version is out of date",
    { kind: "terraform", version: "1.11.4" },
  ],
  ["Terraform v1.13.0-beta1", { kind: "terraform", version: "1.13.0-beta1" }],
  ["No version is set for command terraform", undefined],
])("the tool in %j", (text, tool) => {
  expect(parseToolVersion(text)).toEqual(tool);
});
