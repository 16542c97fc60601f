import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTrustedGuests } from "./trusted-guests.ts";

test.each([
  ["[]", "it is no record of version 1"],
  ['{"version": 1, "hosts": {"[10.0.0.5]:22": {}}}', "hosts → [10.0.0.5]:22 → environment is missing"],
  ["{", "JSON"],
])("of %s the message says in one line what is wrong", (text, words) => {
  const file = join(mkdtempSync(join(tmpdir(), "trusted-")), "guests.json");
  writeFileSync(file, text);
  expect(() => readTrustedGuests(file)).toThrow(words);
  expect(() => readTrustedGuests(file)).toThrow(/^[^\n]{1,200}$/);
});
