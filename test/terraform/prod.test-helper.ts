import { expect } from "vitest";
import type { LabEnvironments } from "../drift/lab-environments.ts";

// Prod with two guests of each kind and a backup job, as it is declared at first, and what Proxmox has of it.

export const some = [{ dport: "80" }, { dport: "443" }];
const common = { cpu_cores: 1, firewall_rules: some };
const virtual = { ...common, memory_mb: 1024, disk_size_gb: 8 };
const contained = { ...common, memory_mb: 512, disk_size_gb: 4 };
/** Of each kind one that is changed in all it has, and one whose rules alone, or whose guards, are. */
export const guests = {
  web: { ...virtual, vm_id: 201, ipv4: "127.10.0.20/8" },
  wiki: { ...virtual, vm_id: 202, ipv4: "127.10.0.21/8" },
  dns: { ...contained, vm_id: 203, ipv4: "127.10.0.22/8" },
  ntp: { ...contained, vm_id: 204, ipv4: "127.10.0.23/8" },
};
export const start = {
  guests,
  backup: { storage: "local" },
  // The provider never takes DNS settings away (the modules' READMEs say so): they are there from the start. Without
  // snippets user, keys and address are the VM's own configuration.
  shared: { dns_servers: ["127.0.0.53"], dns_domain: "home.lan", snippets: false },
};

export interface Declared {
  guests: Record<keyof typeof guests, object>;
  backup: object;
  /** Settings of the whole environment. */
  shared: Record<string, unknown>;
}

export async function declareProd(
  lab: LabEnvironments,
  { guests: { web, wiki, dns, ntp }, backup, shared }: Declared,
): Promise<void> {
  const settings = { vms: { web, wiki }, containers: { dns, ntp }, backup, ...shared };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  await lab.declare("prod", lines.join(""));
}

/** What Proxmox has of a guest, as texts, with the `ports` its firewall lets in; undefined where it is off. */
export function onProxmox({ world }: LabEnvironments, vmid: number): Record<string, unknown> {
  const guest = world.guests[vmid];
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

export const backupJob = ({ world }: LabEnvironments) => world.backupJobs["pve-home-prod"];

/** Proxmox has what `start` says. */
export function expectAsDeclared(lab: LabEnvironments): void {
  for (const { vm_id } of Object.values(guests)) {
    const config = onProxmox(lab, vm_id);
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
  for (const vmid of [201, 202])
    expect(onProxmox(lab, vmid)).toMatchObject({ memory: "1024", ports: "22 icmp 80 443" });
  for (const vmid of [203, 204])
    expect(onProxmox(lab, vmid)).toMatchObject({ memory: "512", swap: "512", ports: "22 icmp 80 443" });
  expect(backupJob(lab)).toMatchObject({ schedule: "01:00", mode: "snapshot", enabled: 1 });
  expect(backupJob(lab)).toMatchObject({ vmid: "201,202,203,204" });
  expect(backupJob(lab)).toMatchObject({ compress: "zstd", "prune-backups": "keep-daily=7,keep-weekly=4" });
  expect(backupJob(lab)).not.toHaveProperty("mailto");
}
