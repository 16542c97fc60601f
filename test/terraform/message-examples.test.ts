import { expect, test } from "vitest";
import { attributes, blocks, text } from "./hcl-blocks.ts";
import { exampleIn } from "./message-examples.ts";

test.each([
  ["x is odd: use a whole number, for example cpu_cores = 2.", "cpu_cores", "2"],
  ['use for example schedule = "01:00", "sat 03:30" or "mon..fri 22:00".', "schedule", '"01:00"'],
  ["use all = true alone, or for example vm_ids = [201, 202] alone.", "vm_ids", "[201, 202]"],
  [
    'for example startup = { order = 2, labels = ["a ] }"] }.',
    "startup",
    '{ order = 2, labels = ["a ] }"] }',
  ],
  ["Traefik serves them; use tls_enabled = false, or traefik_enabled = true.", "tls_enabled", "false"],
])("the example in %j", (message, name, value) => {
  expect(exampleIn(message)).toEqual({ name, value });
});

test("no assignment, no example", () => {
  expect(exampleIn("every guest has a name of its own, for example web and web-lxc.")).toBeUndefined();
});

const hcl = `variable "a" {
  type = list(string)

  validation {
    condition     = true
    error_message = "a = \\"\${var.a}\\" is wrong."
  }
}

# variable "c" {
variable "b" {
  default = [
    1,
  ]
}
`;

test("blocks, attributes and strings of formatted HCL", () => {
  const [a, b] = blocks("variable", hcl);
  expect([a?.name, b?.name]).toEqual(["a", "b"]);
  const [validation] = blocks("validation", a?.body ?? "");
  expect(text("error_message", validation?.body ?? "")).toBe(`a = "\${var.a}" is wrong.`);
  expect([...attributes(b?.body ?? "")]).toEqual([["default", "default = [\n  1,\n]\n"]]);
});
