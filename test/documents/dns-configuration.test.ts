import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Inventory } from "../../src/model/inventory.ts";
import { type NameFormat, nameFormats, nameRecords } from "../../src/stack/names.ts";
import { renderStack } from "../../src/stack/render.ts";
import { root } from "../../tools/private-copy.ts";
import { resolveTool } from "../../tools/programs/index.ts";

/** What the environment monitoring has by default, at the address of its example. */
async function inventory(): Promise<Inventory> {
  const tool = await resolveTool("any");
  const directory = join(root, "infrastructure/proxmox/environments/monitoring");
  const rendered = await renderStack(
    { directory, tool: tool.kind, program: tool.path, environment: {} },
    { inventories: [] },
  );
  const services = rendered.service_entries.map((service) => ({ ...service, guest: null }));
  return {
    ...{ schema_version: 2, environment: "monitoring", domain: "home.lan", nodes: [], guests: [] },
    services,
  };
}

test("docs/DNS-CONFIGURATION.md shows what the command prints", async () => {
  const document = readFileSync(join(root, "docs/DNS-CONFIGURATION.md"), "utf8");
  const records = nameRecords([await inventory()]);
  const formats = Object.keys(nameFormats) as NameFormat[];
  const missing = formats.filter(
    (format) =>
      !document.includes(
        `$ pve-home names --format ${format}\n${nameFormats[format](records).join("\n")}\n\`\`\``,
      ),
  );
  expect(missing).toEqual([]);
});
