import { expect, test } from "vitest";
import { progressReader } from "./progress.ts";

test("lines for people are passed on as they are complete", () => {
  const lines: string[] = [];
  const read = progressReader((line) => lines.push(line));
  const message = (type: string, text: string) =>
    `${JSON.stringify({ "@level": "info", "@message": text, type })}\n`;
  const all = [
    message("version", "Terraform 1.11.4"),
    message("init_output", "Initializing\n\nmore"),
    "not JSON\n",
    message("refresh_start", "vm: Refreshing state..."),
    message("diagnostic", "Error: x"),
  ].join("");
  for (const character of all) read(character);
  expect(lines).toEqual(["Initializing", "more", "vm: Refreshing state..."]);
});
