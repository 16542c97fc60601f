import { expect, test } from "vitest";
import { type ApplyEvent, eventReader } from "./apply-events.ts";

// Recorded: OpenTofu 1.12.6, `apply -json`, shortened to what is read.
const line = (type: string, action: string, more = {}) =>
  `${JSON.stringify({ "@level": "info", type, hook: { resource: { addr: "terraform_data.a" }, action, ...more } })}\n`;

test("what happens to resources is reported as it happens, and nothing else", () => {
  const events: ApplyEvent[] = [];
  const read = eventReader((event) => events.push(event));
  const all = [
    `${JSON.stringify({ type: "version", tofu: "1.12.6" })}\n`,
    line("apply_start", "create"),
    line("apply_start", "read"),
    line("apply_progress", "create", { elapsed_seconds: 10 }),
    line("provision_progress", "create"),
    line("apply_complete", "create", { elapsed_seconds: 12 }),
    "not JSON\n",
    line("apply_errored", "delete", { elapsed_seconds: 3 }),
  ].join("");
  for (const character of all) read(character);
  const address = "terraform_data.a";
  expect(events).toEqual([
    { step: "started", address, action: "create", seconds: 0 },
    { step: "running", address, action: "create", seconds: 10 },
    { step: "done", address, action: "create", seconds: 12 },
    { step: "failed", address, action: "delete", seconds: 3 },
  ]);
});
