import { expect, test } from "vitest";
import { z } from "zod";
import { driftDocumentSchema, healthDocumentSchema, planDocumentSchema } from "./json-schema.ts";

// After a change: npx vitest run src/report/json-schema.test.ts -u

test.each([
  ["health", healthDocumentSchema],
  ["drift", driftDocumentSchema],
  ["plan", planDocumentSchema],
])("docs/%s.schema.json is current", async (command, schema) => {
  const described = z.toJSONSchema(schema.meta({ title: `What pve-home ${command} --json prints` }));
  await expect(`${formatted(described)}\n`).toMatchFileSnapshot(`../../docs/${command}.schema.json`);
});

/** JSON as Biome formats it: lists of plain values on one line where they fit; `before` is what the line has. */
function formatted(value: unknown, indent = "", before = 0): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const fits =
      indent.length + before + line.length < 110 && !value.some((item) => typeof item === "object");
    return fits
      ? line
      : `[\n${value.map((item) => `${inner}${formatted(item, inner)}`).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => {
    const key = `${JSON.stringify(name)}: `;
    return `${inner}${key}${formatted(field, inner, key.length)}`;
  });
  return fields.length === 0 ? "{}" : `{\n${fields.join(",\n")}\n${indent}}`;
}
