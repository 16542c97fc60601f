import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { containerRules } from "../../src/apply/effects/container.ts";
import { updateRules } from "../../src/apply/effects/update-rules.ts";
import { vmRules } from "../../src/apply/effects/vm.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveProviders, resolveTool, toolEnvironment } from "../../tools/programs/index.ts";

// A new provider version with a new attribute has to be looked at before it is let in.

const folder = mkdtempSync(join(tmpdir(), "provider-schema-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const block = z.looseObject({
  attributes: z.record(z.string(), z.unknown()).default({}),
  block_types: z.record(z.string(), z.unknown()).default({}),
});
const schemas = z.looseObject({
  provider_schemas: z.record(
    z.string(),
    z.looseObject({ resource_schemas: z.record(z.string(), z.looseObject({ block })) }),
  ),
});

test("every attribute of a guest has a rule, and every rule an attribute", async () => {
  const tool = await resolveTool("any");
  const { cliConfig } = await resolveProviders(["bpg/proxmox"]);
  writeFileSync(
    join(folder, "main.tf"),
    'terraform {\n  required_providers {\n    proxmox = {\n      source = "bpg/proxmox"\n    }\n  }\n}\n',
  );
  const run = async (...args: string[]) => {
    const { code, stdout, output } = await runChild(tool.path, args, {
      cwd: folder,
      env: toolEnvironment(cliConfig, folder),
    });
    expect(code, output).toBe(0);
    return stdout;
  };
  await run("init", "-input=false");
  const all = schemas.parse(JSON.parse(await run("providers", "schema", "-json"))).provider_schemas;
  const resources = Object.values(all).find(({ resource_schemas }) => "proxmox_vm" in resource_schemas);
  const attributesOf = (type: string) => {
    const found = resources?.resource_schemas[type]?.block;
    return Object.keys({ ...found?.attributes, ...found?.block_types }).sort();
  };
  expect(Object.keys(vmRules).sort()).toEqual(attributesOf("proxmox_virtual_environment_vm"));
  expect(Object.keys(containerRules).sort()).toEqual(attributesOf("proxmox_virtual_environment_container"));
  for (const [type, { rules }] of Object.entries(updateRules)) {
    expect(attributesOf(type)).toEqual(expect.arrayContaining(Object.keys(rules)));
  }
});
