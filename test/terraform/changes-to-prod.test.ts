import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import type { LabEnvironments } from "../drift/lab-environments.ts";
import {
  announced,
  apply,
  callApi,
  checkpoint,
  expectNoChanges,
  jobByHand,
  makeJobByHand,
  planned,
} from "./live.test-helper.ts";
import {
  backupJob,
  type Declared,
  declareProd,
  expectAsDeclared,
  guests,
  onProxmox,
  some,
  start,
} from "./prod.test-helper.ts";

// What happens to prod after it was applied: everything that can be changed about a guest or a backup job is changed
// in place and back, guests are re-created, the backup job is lost and found. A job made by hand stays as it is.

const vm = (name: string) => `module.vms["${name}"].proxmox_virtual_environment_vm.this`;
const container = (name: string) => `module.containers["${name}"].proxmox_virtual_environment_container.this`;
const firewall = (guest: string, kind: "options" | "rules") =>
  `${guest.replace(/\.[^.]+\.this$/, "")}.proxmox_virtual_environment_firewall_${kind}.this[0]`;
const job = "module.backup[0].proxmox_backup_job.this";

let desk: ApplyDesk;
let lab: LabEnvironments;
let other: unknown;
let restore: () => Promise<void>;

beforeAll(async () => {
  desk = await openApplyDesk();
  lab = desk.lab;
  await makeJobByHand(lab);
  other = await jobByHand(lab);
  await declareProd(lab, start);
  await lab.run("prod", "init", "-input=false");
  await apply(lab, "prod");
  restore = await checkpoint(lab, "prod");
});

afterEach(async () => {
  const found = await jobByHand(lab);
  await restore();
  expect(found).toEqual(other);
});
afterAll(() => desk?.close());

/** Declares, expects the plan, applies it; nothing is left to be done. */
async function change(to: Declared, plan: string[]): Promise<void> {
  await declareProd(lab, to);
  expect(await planned(lab, "prod")).toEqual(plan.sort());
  await lab.run("prod", "apply", "-input=false", "changes.tfplan");
  await expectNoChanges(lab, "prod");
}

test("labels, ports, hardware, networks, names, keys; when and how backups are made: all in place, and back", async () => {
  const labels = {
    tags: ["new"],
    description: "changed",
    on_boot: false,
    startup: { order: 2, up_delay: 30 },
  };
  const hardware = { cpu_cores: 2, memory_mb: 2048, disk_size_gb: 12, bridge: "vmbr1", vlan_id: 20 };
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl other";
  const ports = { web: [{ dport: "80,443" }, { dport: "53", proto: "udp" }], dns: [{ dport: "53" }] };
  const { web, wiki, dns, ntp } = guests;
  await change(
    {
      guests: {
        web: {
          ...web,
          ...labels,
          ...hardware,
          firewall_rules: ports.web,
          ipv4: "127.10.0.30/8",
          ssh_keys: [key],
        },
        wiki: { ...wiki, firewall_rules: some.toReversed() },
        dns: { ...dns, ...labels, ...hardware, firewall_rules: ports.dns, ipv4: "127.10.0.32/8", swap_mb: 0 },
        ntp: { ...ntp, firewall_enabled: false, backup: false },
      },
      backup: {
        ...{ storage: "local", schedule: "sat 03:30", keep_daily: 3, keep_weekly: 2 },
        ...{ mode: "stop", compress: "lzo", enabled: false, mail_to: ["me@home.lan"] },
      },
      shared: {
        snippets: false,
        dns_servers: ["9.9.9.9", "149.112.112.112"],
        dns_domain: "home.arpa",
        allowed_networks: ["192.168.1.0/24"],
      },
    },
    [
      `update ${vm("web")} cpu description disk initialization memory network_device on_boot startup tags`,
      `update ${vm("wiki")} initialization`,
      `update ${firewall(vm("web"), "rules")} rule`,
      `update ${firewall(vm("wiki"), "rules")} rule`,
      `update ${container("dns")} cpu description disk initialization memory network_interface start_on_boot startup tags`,
      `update ${firewall(container("dns"), "rules")} rule`,
      `update ${container("ntp")} initialization network_interface tags`,
      `delete ${firewall(container("ntp"), "options")}`,
      `delete ${firewall(container("ntp"), "rules")}`,
      `update ${job} compress enabled mailnotification mailto mode prune_backups schedule vmid`,
    ],
  );
  const common = { nameserver: "9.9.9.9 149.112.112.112", searchdomain: "home.arpa" };
  const labelled = { tags: "new", onboot: "0", startup: "order=2,up=30" };
  const card = expect.stringMatching(/(?=.*bridge=vmbr1)(?=.*tag=20)/);
  const changed = { ...common, ...labelled, cores: "2", memory: "2048", net0: card };
  expect(onProxmox(lab, 201)).toMatchObject({
    ...changed,
    description: "changed",
    ipconfig0: "ip=127.10.0.30/8",
    scsi0: expect.stringContaining("size=12G"),
    sshkeys: expect.stringContaining("other"),
    ports: "22 icmp 80,443 53",
  });
  expect(onProxmox(lab, 202)).toMatchObject({ ...common, ports: "22 icmp 443 80" });
  const senders = lab.world.guests[202]?.firewall.rules.map(({ source }) => source);
  expect(senders?.slice(1, 3)).toEqual(["10.0.0.0/8,172.16.0.0/12,192.168.0.0/16", "192.168.1.0/24"]);
  expect(onProxmox(lab, 203)).toMatchObject({
    ...changed,
    description: "changed\n",
    swap: "0",
    rootfs: expect.stringContaining("size=12G"),
    ports: "22 icmp 53",
  });
  expect(onProxmox(lab, 203).net0).toContain("ip=127.10.0.32/8");
  expect(onProxmox(lab, 204)).toMatchObject({ ...common, tags: "nobackup", ports: undefined });
  expect(lab.world.guests[204]?.firewall.rules).toEqual([]);
  expect(backupJob(lab)).toMatchObject({ mode: "stop", compress: "lzo", enabled: 0, mailto: "me@home.lan" });
  expect(backupJob(lab)).toMatchObject({
    schedule: "sat 03:30",
    "prune-backups": "keep-daily=3,keep-weekly=2",
  });
  expect(backupJob(lab)?.vmid).toBe("201,202,203");

  // Disks only grow.
  const grown = { disk_size_gb: 12 };
  await change({ ...start, guests: { ...guests, web: { ...web, ...grown }, dns: { ...dns, ...grown } } }, [
    `update ${vm("web")} cpu description initialization memory network_device on_boot startup tags`,
    `update ${vm("wiki")} initialization`,
    `update ${firewall(vm("web"), "rules")} rule`,
    `update ${firewall(vm("wiki"), "rules")} rule`,
    `update ${container("dns")} cpu description initialization memory network_interface start_on_boot startup tags`,
    `update ${firewall(container("dns"), "rules")} rule`,
    `update ${container("ntp")} initialization network_interface tags`,
    `create ${firewall(container("ntp"), "options")}`,
    `create ${firewall(container("ntp"), "rules")}`,
    // When to write stays, and is of no use without an address to write to.
    `update ${job} compress enabled mailto mode prune_backups schedule vmid`,
  ]);
  expectAsDeclared(lab);
});

test("as declared", () => expectAsDeclared(lab));

test("a backup job deleted by hand lets no plan succeed; drift names it and what to do, also where guests are re-created", async () => {
  await callApi(lab, "DELETE", "cluster/backup/pve-home-prod");
  // Proxmox answers 400, not 404, which the provider takes for an error.
  expect(await callApi(lab, "GET", "cluster/backup/pve-home-prod")).toMatchObject({ status: 400 });

  const drift = await desk.pveHome("drift", "--env", "prod");
  expect(drift.exitCode, drift.stderr).toBe(1);
  expect(drift.stdout).toMatch(/^Terraform plan: it failed: Unable to Read Backup Job/m);
  expect(drift.stdout.match(/^(DELETED|OUTSIDE|PENDING|UNMANAGED) .*$/gm)).toEqual([
    "DELETED  backup job backup",
  ]);
  expect(drift.stdout).toContain("the backup job pve-home-prod is gone from Proxmox");
  expect(drift.stdout).toContain(`state rm '${job}'`);

  await lab.run("prod", "state", "rm", job);
  // A guest deleted by hand, and one that is replaced: Proxmox takes the firewall along with each.
  await lab.control.delete("dns");
  const said = announced(await apply(lab, "prod", `-replace=${vm("web")}`));
  expect(said).toContain(`${job} will be created`);
  expect(said).toContain(`${vm("web")} will be replaced, as requested`);
  expect(Object.keys(lab.world.backupJobs).sort()).toEqual(["by-hand", "pve-home-prod"]);
  expectAsDeclared(lab);
  await expectNoChanges(lab, "prod");
  expect(await desk.pveHome("drift", "--env", "prod")).toMatchObject({ exitCode: 0 });
});
