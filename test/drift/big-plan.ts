import type { JsonObject } from "../../src/model/json.ts";
import { entry, planJson, vmType } from "../../src/plan/plan.test-helper.ts";

export interface BigPlan {
  resources: number;
  /** Share of the resources, 0 to 1, of which a drift and a change are in the plan. */
  changed: number;
}

/**
 * The JSON text of a plan with this many VMs, with all attributes the provider knows (those of bpg/proxmox 0.111.1,
 * transcribed from a recorded plan), each named in `planned_values`, `resource_changes` and `prior_state`.
 */
export function bigPlanJson({ resources, changed }: BigPlan): string {
  const drift: JsonObject[] = [];
  const changes: JsonObject[] = [];
  const state: JsonObject[] = [];
  const planned: JsonObject[] = [];
  for (let index = 0; index < resources; index++) {
    const address = `module.vms["guest-${index}"].${vmType}.this`;
    const values = machine(index);
    state.push({ address, mode: "managed", type: vmType, name: "this", values, sensitive_values: sensitive });
    if (Math.floor((index + 1) * changed) === Math.floor(index * changed)) {
      changes.push(entry({ address, actions: ["no-op"], before: values, after: values, sensitive }));
      planned.push({ address, mode: "managed", type: vmType, values });
      continue;
    }
    const found = {
      ...values,
      memory: [{ dedicated: 4096, floating: 2048, keep_hugepages: false, shared: 0 }],
    };
    const wanted: JsonObject = { ...values, description: "edited" };
    delete wanted.ipv4_addresses;
    const unknown = { ipv4_addresses: true, cpu: [{}], disk: [{}] };
    drift.push(entry({ address, actions: ["update"], before: values, after: found, sensitive }));
    changes.push(entry({ address, actions: ["update"], before: found, after: wanted, unknown, sensitive }));
    planned.push({ address, mode: "managed", type: vmType, values: wanted });
  }
  return JSON.stringify({
    ...planJson({ drift, changes, state }),
    planned_values: { root_module: { resources: planned } },
  });
}

const sensitive: JsonObject = {
  agent: [{}],
  disk: [{}],
  initialization: [
    { dns: [], ip_config: [{ ipv4: [{}], ipv6: [] }], user_account: [{ keys: [false], password: true }] },
  ],
};

function machine(index: number): JsonObject {
  const empty = Object.fromEntries(emptyBlocks.map((name) => [name, []]));
  return {
    ...empty,
    acpi: true,
    agent: [{ enabled: true, timeout: "30s", trim: false, type: "virtio", wait_for_ip: [] }],
    bios: "seabios",
    boot_order: ["scsi0"],
    clone: [{ datastore_id: "local-lvm", full: true, node_name: "", retries: 1, vm_id: 9000 }],
    cpu: [
      { cores: 2, flags: null, hotplugged: 0, limit: 0, numa: false, sockets: 1, type: "host", units: 1024 },
    ],
    description: "Managed by Terraform",
    disk: [
      {
        aio: "io_uring",
        backup: true,
        cache: "none",
        datastore_id: "local-lvm",
        interface: "scsi0",
        size: 8,
      },
    ],
    id: String(10_000 + index),
    initialization: [
      {
        datastore_id: "local-lvm",
        dns: [],
        ip_config: [
          { ipv4: [{ address: `10.0.${index >> 8}.${index & 255}/16`, gateway: "10.0.0.1" }], ipv6: [] },
        ],
        user_account: [
          { keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE"], password: null, username: "ubuntu" },
        ],
      },
    ],
    ipv4_addresses: [["127.0.0.1"], [`10.0.${index >> 8}.${index & 255}`]],
    ipv6_addresses: [["::1"], ["fe80::1"]],
    mac_addresses: ["00:00:00:00:00:00", "BC:24:11:00:00:01"],
    memory: [{ dedicated: 2048, floating: 2048, keep_hugepages: false, shared: 0 }],
    name: `guest-${index}`,
    network_device: [
      { bridge: "vmbr0", enabled: true, firewall: false, model: "virtio", mtu: 0, vlan_id: 0 },
    ],
    network_interface_names: ["lo", "eth0"],
    node_name: "pve1",
    on_boot: true,
    operating_system: [{ type: "l26" }],
    protection: false,
    scsi_hardware: "virtio-scsi-single",
    started: true,
    tags: ["docker", "prod"],
    template: false,
    timeout_clone: 1800,
    timeout_create: 1800,
    vm_id: 10_000 + index,
  };
}

const emptyBlocks = [
  "amd_sev",
  "audio_device",
  "cdrom",
  "efi_disk",
  "hostpci",
  "numa",
  "rng",
  "serial_device",
  "smbios",
  "startup",
  "tpm_state",
  "usb",
  "virtiofs",
  "watchdog",
];
