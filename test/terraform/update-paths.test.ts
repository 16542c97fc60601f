import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { apply, expectNoChanges, leavings, planned } from "./live.test-helper.ts";

// Everything that can be changed about a guest or a backup job is changed in place, by the real provider, there and
// back: nothing is replaced, nothing is left to be changed, and Proxmox has what was declared.

const vm = 'module.vms["web"].proxmox_virtual_environment_vm.this';
const container = 'module.containers["dns"].proxmox_virtual_environment_container.this';
const job = "module.backup[0].proxmox_backup_job.this";
const firewallOf = (guest: string, kind: "options" | "rules") =>
  `${guest.replace(/\.[^.]+\.this$/, "")}.proxmox_virtual_environment_firewall_${kind}.this[0]`;

const some = [{ dport: "80" }, { dport: "443" }];
const guest = { cpu_cores: 1, firewall_rules: some };
const web = { ...guest, vm_id: 201, ipv4: "127.10.0.20/8", memory_mb: 1024, disk_size_gb: 8 };
const dns = { ...guest, vm_id: 203, ipv4: "127.10.0.22/8", memory_mb: 512, disk_size_gb: 4 };
// The provider never takes DNS settings away (the modules' READMEs say so): they are there from the start.
const names = { dns_servers: ["127.0.0.53"], dns_domain: "home.lan" };
const start = { web, dns, backup: { storage: "local" }, shared: names };

interface Declared {
  web: object;
  dns: object;
  backup: object;
  /** Settings of the whole environment. */
  shared: Record<string, unknown>;
}

let lab: LabEnvironments;
let before: unknown;
let restore: () => Promise<void>;

async function declare({ web, dns, backup, shared }: Declared): Promise<void> {
  const settings = { vms: { web }, containers: { dns }, backup, ...shared };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  await lab.declare("prod", lines.join(""));
}

beforeAll(async () => {
  lab = await startLabEnvironments();
  before = await leavings(lab);
  await declare(start);
  await lab.run("prod", "init", "-input=false");
  await apply(lab, "prod");
  restore = await lab.snapshot("prod");
});

afterEach(() => restore());
afterAll(() => lab?.close());

/** What Proxmox has of a guest, as texts, with the `ports` its firewall lets in; undefined where it is off. */
function onProxmox(vmid: 201 | 203): Record<string, unknown> {
  const guest = lab.world.guests[vmid];
  if (guest === undefined) throw new Error(`guest ${vmid} is not there`);
  const { options, rules } = guest.firewall;
  const guarded =
    options.enable === 1 && options.policy_in === "DROP" && /firewall=1/.test(`${guest.config.net0}`);
  const config = Object.entries(guest.config).map(([key, value]) => [key, String(value)]);
  return {
    ...Object.fromEntries(config),
    ports: guarded ? rules.map(({ dport, proto }) => dport ?? proto).join(" ") : undefined,
  };
}

const backupJob = () => lab.world.backupJobs["pve-home-prod"];

/** Declares, expects the plan, applies it; nothing is left to be done. */
async function change(to: Declared, plan: string[]): Promise<void> {
  await declare(to);
  expect(await planned(lab, "prod")).toEqual(plan.sort());
  await lab.run("prod", "apply", "-input=false", "changes.tfplan");
  await expectNoChanges(lab, "prod");
}

function expectAsDeclared(): void {
  for (const vmid of [201, 203] as const) {
    const config = onProxmox(vmid);
    expect(config).toMatchObject({
      cores: "1",
      nameserver: "127.0.0.53",
      searchdomain: "home.lan",
      description: expect.stringMatching(/^Managed by Terraform\n?$/),
    });
    expect(config.net0).toMatch(/bridge=vmbr0/);
    expect(config.net0).not.toMatch(/tag=/);
    for (const key of ["startup", "tags"]) expect(config).not.toHaveProperty(key);
  }
  expect(onProxmox(201)).toMatchObject({ memory: "1024", ports: "22 icmp 80 443 9100 9080" });
  expect(onProxmox(203)).toMatchObject({ memory: "512", swap: "512", ports: "22 icmp 80 443 9100" });
  expect(backupJob()).toMatchObject({ schedule: "01:00", mode: "snapshot", enabled: 1, vmid: "201,203" });
  expect(backupJob()).toMatchObject({ compress: "zstd", "prune-backups": "keep-daily=7,keep-weekly=4" });
  expect(backupJob()).not.toHaveProperty("mailto");
}

test("as declared, and nothing to be changed after it", async () => {
  expectAsDeclared();
  await expectNoChanges(lab, "prod");
});

test("labels, start order, ports that are open; when backups are made and how many are kept", async () => {
  const labels = {
    tags: ["new"],
    description: "changed",
    on_boot: false,
    startup: { order: 2, up_delay: 30 },
  };
  const plan = [
    `update ${vm} description on_boot startup tags`,
    `update ${firewallOf(vm, "rules")} rule`,
    `update ${container} description start_on_boot startup tags`,
    `update ${firewallOf(container, "rules")} rule`,
    `update ${job} prune_backups schedule`,
  ];
  await change(
    {
      web: { ...web, ...labels, firewall_rules: [{ dport: "80,443" }, { dport: "53", proto: "udp" }] },
      dns: { ...dns, ...labels, firewall_rules: [{ dport: "53" }] },
      backup: { storage: "local", schedule: "sat 03:30", keep_daily: 3, keep_weekly: 2 },
      shared: names,
    },
    plan,
  );
  const expected = { tags: "new", onboot: "0", startup: "order=2,up=30" };
  expect(onProxmox(201)).toMatchObject({
    ...expected,
    description: "changed",
    ports: "22 icmp 80,443 53 9100 9080",
  });
  expect(onProxmox(203)).toMatchObject({ ...expected, description: "changed\n", ports: "22 icmp 53 9100" });
  expect(backupJob()).toMatchObject({ schedule: "sat 03:30", "prune-backups": "keep-daily=3,keep-weekly=2" });
  await change(start, plan);
  expectAsDeclared();
});

test("hardware, networks, addresses, names, keys; how backups are made", async () => {
  const hardware = { cpu_cores: 2, memory_mb: 2048, disk_size_gb: 12, bridge: "vmbr1", vlan_id: 20 };
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl other";
  await change(
    {
      web: { ...web, ...hardware, ipv4: "127.10.0.30/8", ssh_keys: [key] },
      dns: { ...dns, ...hardware, swap_mb: 0, ipv4: "127.10.0.32/8" },
      backup: { storage: "local", mode: "stop", compress: "lzo", enabled: false, mail_to: ["me@home.lan"] },
      shared: { dns_servers: ["9.9.9.9", "149.112.112.112"], dns_domain: "home.arpa" },
    },
    [
      `update ${vm} cpu disk initialization memory network_device`,
      `update ${container} cpu disk initialization memory network_interface`,
      `update ${job} compress enabled mailnotification mailto mode`,
    ],
  );
  const resolver = { nameserver: "9.9.9.9 149.112.112.112", searchdomain: "home.arpa" };
  const expected = { cores: "2", memory: "2048", ...resolver };
  const card = expect.stringMatching(/(?=.*bridge=vmbr1)(?=.*tag=20)/);
  expect(onProxmox(201)).toMatchObject({ ...expected, net0: card, ipconfig0: "ip=127.10.0.30/8" });
  expect(onProxmox(201)).toMatchObject({
    scsi0: expect.stringContaining("size=12G"),
    sshkeys: expect.stringContaining("other"),
  });
  expect(onProxmox(203)).toMatchObject({ ...expected, net0: card, swap: "0" });
  expect(onProxmox(203).net0).toContain("ip=127.10.0.32/8");
  expect(onProxmox(203).rootfs).toContain("size=12G");
  expect(backupJob()).toMatchObject({ mode: "stop", compress: "lzo", enabled: 0, mailto: "me@home.lan" });

  // Disks only grow.
  const grown = { disk_size_gb: 12 };
  await change({ ...start, web: { ...web, ...grown }, dns: { ...dns, ...grown } }, [
    `update ${vm} cpu initialization memory network_device`,
    `update ${container} cpu initialization memory network_interface`,
    // When to write stays, and is of no use without somebody to write to.
    `update ${job} compress enabled mailto mode`,
  ]);
  expectAsDeclared();
});

test("rules in another order, other senders; a guest left out of backups; a firewall off and on", async () => {
  await change(
    {
      web: { ...web, firewall_rules: some.toReversed() },
      dns: { ...dns, firewall_enabled: false, backup: false },
      backup: { storage: "local" },
      shared: { ...names, allowed_networks: ["192.168.1.0/24"] },
    },
    [
      `update ${firewallOf(vm, "rules")} rule`,
      `update ${container} network_interface tags`,
      `delete ${firewallOf(container, "options")}`,
      `delete ${firewallOf(container, "rules")}`,
      `update ${job} vmid`,
    ],
  );
  expect(onProxmox(201).ports).toBe("22 icmp 443 80 9100 9080");
  const senders = lab.world.guests[201]?.firewall.rules.map(({ source }) => source);
  expect(senders?.slice(1, 3)).toEqual(["10.0.0.0/8,172.16.0.0/12,192.168.0.0/16", "192.168.1.0/24"]);
  expect(onProxmox(203)).toMatchObject({ tags: "nobackup", ports: undefined });
  expect(lab.world.guests[203]?.firewall.rules).toEqual([]);
  expect(backupJob()?.vmid).toBe("201");

  await change(start, [
    `update ${firewallOf(vm, "rules")} rule`,
    `update ${container} network_interface tags`,
    `create ${firewallOf(container, "options")}`,
    `create ${firewallOf(container, "rules")}`,
    `update ${job} vmid`,
  ]);
  expectAsDeclared();
});

test("a guest made anew, and one deleted by hand, are guarded and backed up as before", async () => {
  // Proxmox takes the firewall along with a guest.
  await lab.control.delete("dns");
  await lab.run("prod", "apply", "-auto-approve", "-input=false", `-replace=${vm}`);
  expectAsDeclared();
  await expectNoChanges(lab, "prod");
});

test("destroy leaves nothing behind", async () => {
  await lab.run("prod", "destroy", "-auto-approve", "-input=false");
  expect(await leavings(lab)).toEqual(before);
  expect(await lab.run("prod", "state", "list")).toBe("");
});
