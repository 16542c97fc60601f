import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { inventorySchema } from "../../src/model/inventory.ts";
import { root, withPrivateCopy } from "../../tools/private-copy.ts";
import { findTool, resolveTool, type Tool } from "../../tools/programs/index.ts";
import { exampleOutputs, stackServices } from "./environment-outputs.ts";

const infrastructure = join(root, "infrastructure", "proxmox");

async function published(): Promise<Parameters<typeof z.fromJSONSchema>[0]> {
  return JSON.parse(await readFile(join(root, "docs", "inventory.schema.json"), "utf8"));
}

function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, text]) => !isProse(key, text));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner)]));
}

/** `title` and `description` as text, not as names of properties. */
function isProse(key: string, value: unknown): boolean {
  return (key === "title" || key === "description") && typeof value === "string";
}

test("the published schema says what the programs expect", async () => {
  expect(withoutProse(await published())).toEqual(z.toJSONSchema(inventorySchema));
});

async function tools(): Promise<Tool[]> {
  const terraform = await findTool("terraform");
  return [await resolveTool("tofu"), ...(terraform === undefined ? [] : [terraform])];
}

test.each([
  { environment: "prod", guests: ["db", "dns", "web"] },
  { environment: "lab", guests: ["sandbox", "scratch"] },
  { environment: "monitoring", guests: ["monitoring-stack"] },
])("the example of $environment has an inventory after the schema", async ({ environment, guests }) => {
  const schema = z.fromJSONSchema(await published());
  for (const tool of await tools()) {
    await withPrivateCopy(infrastructure, async (copy) => {
      const { inventory } = await exampleOutputs(join(copy, "environments", environment), tool);
      expect(schema.safeParse(inventory).error, tool.kind).toBeUndefined();
      const parsed = inventorySchema.parse(inventory);
      expect(parsed.environment).toBe(environment);
      expect(parsed.guests.map((guest) => guest.name)).toEqual(guests);
      if (environment === "monitoring") {
        expect(parsed.guests).toMatchObject([{ vmid: 251, address: "192.168.1.51" }]);
        expect(parsed.services.map((service) => service.name)).toEqual(stackServices);
      }
    });
  }
});
