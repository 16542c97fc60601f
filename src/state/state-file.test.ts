import { expect, test } from "vitest";
import { parseState } from "./state-file.ts";
import { stateText } from "./subject.test-helper.ts";

test("what a state says about itself", () => {
  const resources = [{ module: "module.a" }, { module: "module.a" }, { type: "terraform_data" }];
  const outputs = { inventory: { value: { guests: [] } }, hidden: { value: 1, sensitive: true } };
  expect(parseState(Buffer.from(stateText(4, { resources, outputs })))).toEqual({
    serial: 4,
    lineage: "one",
    modules: ["module.a"],
    resources: 3,
    inventory: { guests: [] },
  });
});

test("an encrypted one has serial and lineage", () => {
  expect(parseState('{"serial":4,"lineage":"one","meta":{},"encrypted_data":"xx"}')).toMatchObject({
    serial: 4,
    lineage: "one",
    resources: undefined,
  });
});

test.each(["", "{", "[]", '{"version":4}', "<html>"])("no state: %j", (text) => {
  expect(parseState(text)).toBeUndefined();
});
