import type { JsonObject, JsonValue } from "../model/json.ts";

// Plans in the form that https://developer.hashicorp.com/terraform/internals/json-format documents (transcribed; plans
// recorded from the real provider are in test/drift/generated). Only what is read is there.

export const vmType = "proxmox_virtual_environment_vm";
export const webAddress = `module.vms["web"].${vmType}.this`;

/** Attributes of a VM as the provider has them after apply; `over` replaces some. */
export function vmValues(over: JsonObject = {}): JsonObject {
  return {
    vm_id: 201,
    name: "web",
    node_name: "pve1",
    started: true,
    description: "Managed by Terraform",
    tags: ["docker", "web"],
    cpu: [{ cores: 2, sockets: 1, type: "x86-64-v2-AES", flags: [] }],
    memory: [{ dedicated: 2048, floating: 0, shared: 0 }],
    disk: [{ interface: "scsi0", size: 20, datastore_id: "local-lvm" }],
    initialization: [
      { user_account: [{ username: "ubuntu", password: "hunter2", keys: ["ssh-ed25519 AAAA"] }] },
    ],
    ipv4_addresses: [["127.0.0.1"], ["192.168.1.20"]],
    startup: [],
    ...over,
  };
}

export interface Entry {
  address?: string;
  type?: string;
  mode?: "managed" | "data";
  actions: string[];
  before?: JsonValue;
  after?: JsonValue;
  unknown?: JsonValue;
  sensitive?: JsonValue;
  replacePaths?: JsonValue[];
  importing?: { id: string };
  deposed?: string;
  previousAddress?: string;
  reason?: string;
}

/** An entry of `resource_changes` or `resource_drift`; the VM `web` unless it says otherwise. */
export function entry(facts: Entry): JsonObject {
  return {
    address: facts.address ?? webAddress,
    mode: facts.mode ?? "managed",
    type: facts.type ?? vmType,
    name: "this",
    provider_name: "registry.terraform.io/bpg/proxmox",
    ...(facts.deposed === undefined ? {} : { deposed: facts.deposed }),
    ...(facts.previousAddress === undefined ? {} : { previous_address: facts.previousAddress }),
    ...(facts.reason === undefined ? {} : { action_reason: facts.reason }),
    change: {
      actions: facts.actions,
      before: facts.before ?? null,
      after: facts.after ?? null,
      after_unknown: facts.unknown ?? {},
      before_sensitive: facts.sensitive ?? {},
      after_sensitive: facts.sensitive ?? {},
      ...(facts.replacePaths === undefined ? {} : { replace_paths: facts.replacePaths }),
      ...(facts.importing === undefined ? {} : { importing: facts.importing }),
    },
  };
}

/** A plan with a VM module whose `memory`, `user_data` and `tags` come from variables. */
export function planJson(parts: {
  drift?: JsonObject[];
  changes?: JsonObject[];
  state?: JsonObject[];
}): JsonObject {
  const references = { references: ["var.x"] };
  const expressions = {
    memory: [{ dedicated: references }],
    tags: references,
    hook_script_file_id: references,
  };
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    ...(parts.drift === undefined ? {} : { resource_drift: parts.drift }),
    resource_changes: parts.changes ?? [],
    output_changes: { inventory: { actions: ["update"], before: 1, after: 2 } },
    prior_state: { format_version: "1.0", values: { root_module: { resources: parts.state ?? [] } } },
    configuration: {
      root_module: {
        module_calls: { vms: { module: { resources: [{ address: `${vmType}.this`, expressions }] } } },
      },
    },
  };
}

/** The three values of one VM: in the state, found on Proxmox, wanted by the code. */
export function threeWay(sides: {
  state: JsonObject;
  found: JsonObject;
  wanted: JsonObject;
  unknown?: JsonValue;
}): JsonObject {
  const { state, found, wanted, unknown } = sides;
  const same = JSON.stringify(found) === JSON.stringify(wanted) && unknown === undefined;
  const drifted = JSON.stringify(state) !== JSON.stringify(found);
  return planJson({
    ...(drifted ? { drift: [entry({ actions: ["update"], before: state, after: found })] } : {}),
    changes: [
      entry({
        actions: [same ? "no-op" : "update"],
        before: found,
        after: wanted,
        ...(unknown === undefined ? {} : { unknown }),
      }),
    ],
  });
}
