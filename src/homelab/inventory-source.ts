import type { TerraformRun, Workspace } from "../connect/terraform/types.ts";
import type { Inventory } from "../model/inventory.ts";
import { anyInventorySchema } from "../model/inventory-versions.ts";
import { Problem } from "../model/problem.ts";
import { readDocument } from "./document.ts";

/** An inventory from a file; a mistake in it names file, line and what was expected. */
export function inventoryFromFile(file: string): Inventory {
  return readDocument(
    file,
    anyInventorySchema,
    (key) => examples[String(key.findLast((part) => typeof part === "string"))],
  );
}

const examples: Record<string, string> = {
  schema_version: '"schema_version": 2',
  environment: '"environment": "prod"',
  domain: '"domain": "home.lan", or null',
  nodes: '"nodes": [{"name": "pve1", "address": "192.168.1.50", "api_port": 8006, "node_exporter": false}]',
  guests: '"guests": [{"name": "web", "type": "vm", "vmid": 201, …}]',
  services: '"services": []',
  name: '"name": "web"',
  type: '"type": "vm" or "lxc"',
  vmid: '"vmid": 201',
  node: '"node": "pve1"',
  address: '"address": "192.168.1.20", or null',
  ssh_user: '"ssh_user": "debian"',
  ssh_port: '"ssh_port": 22',
  docker: '"docker": true',
  agent: '"agent": true',
  started: '"started": true',
  on_boot: '"on_boot": true',
  tags: '"tags": ["prod"]',
  node_exporter: '"node_exporter": true',
  log_agent: '"log_agent": "promtail", "alloy" or null',
  api_port: '"api_port": 8006',
  kind: '"kind": "http"',
  guest: '"guest": "web", or null',
  url: '"url": "http://192.168.1.20:8080"',
  health_path: '"health_path": "/healthz", or null',
  host: '"host": "web", or null',
  port: '"port": 8080',
  scrape: '"scrape": {"path": "/metrics", "port": 9100, "job": "web"}, or null',
  path: '"path": "/metrics"',
  job: '"job": "web"',
  monitor: '"monitor": true',
};

/**
 * The inventory that was last applied: the output `inventory` of the environment's state. A Problem of kind
 * `undetermined` where the state cannot be read (`inventory-missing`: nothing was applied yet).
 */
export async function inventoryFromState(
  name: string,
  run: TerraformRun,
  prepare: (run: TerraformRun) => Promise<Workspace>,
): Promise<Inventory> {
  const workspace = await prepare(run);
  try {
    const outputs = await workspace.output();
    if (outputs.inventory === undefined) throw missing(name, run);
    const parsed = anyInventorySchema.safeParse(outputs.inventory.value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Problem({
      kind: "undetermined",
      code: "inventory-invalid",
      message: `the output inventory of ${name} is not of schema version 1 or 2: ${issue?.path.join(".")}: ${issue?.message.replace(/^Invalid input: /, "")}`,
      place: run.directory,
      hint: `apply it again: pve-home apply --env ${name}`,
    });
  } finally {
    await workspace.dispose();
  }
}

function missing(name: string, run: TerraformRun): Problem {
  return new Problem({
    kind: "undetermined",
    code: "inventory-missing",
    message: `the state of ${name} has no output "inventory": it was never applied`,
    place: run.directory,
    hint: `pve-home apply --env ${name}`,
  });
}
