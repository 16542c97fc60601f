import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { driftDocumentSchema } from "../../src/report/json-schema.ts";
import { type ApplyDesk, openApplyDesk } from "./apply-desk.ts";

// What was attached by hand, or brought by a template, and no code declares: with the real provider, block by block.

interface Attached {
  /** Attached by hand, and taken by a change. */
  lost: Record<string, string>;
  /** Attached by hand, and left by a change of something else. */
  kept?: Record<string, string>;
  /** Terraform's plan does not show them. */
  hidden: boolean;
}

const attached = new Map<number, Attached>([
  [401, { hidden: true, lost: disks("scsi5", "virtio1", "sata2", "ide0") }],
  [
    402,
    {
      hidden: true,
      lost: {
        hostpci2: "mapping=nic",
        usb2: "mapping=dongle",
        virtiofs2: "backup",
        numa2: "cpus=0,hostnodes=0,memory=512,policy=bind",
      },
      kept: disks("scsi5"),
    },
  ],
  [
    403,
    {
      hidden: false,
      lost: {
        net1: "virtio,bridge=vmbr0",
        hostpci1: "mapping=nic",
        usb1: "mapping=dongle",
        virtiofs1: "backup",
        audio0: "device=intel-hda,driver=spice",
        watchdog: "model=i6300esb,action=reset",
        tpmstate0: "local-lvm:1,version=v1.2",
      },
    },
  ],
  [404, { hidden: true, lost: disks("scsi3") }],
  [405, { hidden: false, lost: { mp0: "local-lvm:4,mp=/srv/media" } }],
  [406, { hidden: false, lost: { net1: "name=eth1,bridge=vmbr0" }, kept: { dev1: "/dev/ttyUSB0" } }],
]);

function disks(...keys: string[]) {
  return Object.fromEntries(keys.map((key) => [key, "local-lvm:2"]));
}

let desk: ApplyDesk;
let restore: () => Promise<void>;
const file = (name: string) => join(desk.lab.directory("lab"), name);
const apply = (...flags: string[]) =>
  desk.pveHome("apply", "--env", "lab", "--yes", "--allow-restart", ...flags);
const guest = (vmid: number) => desk.lab.world.guests[vmid];
const declare = (values: object) => writeFileSync(file("terraform.tfvars.json"), JSON.stringify(values));

/** Everything that was asked of Proxmox since the test began and changes something there. */
async function changes() {
  const { requests } = await desk.lab.control.requests();
  return requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
}

beforeAll(async () => {
  desk = await openApplyDesk();
  rmSync(desk.lab.directory("lab"), { recursive: true });
  cpSync(join(import.meta.dirname, "fixtures/devices"), desk.lab.directory("lab"), { recursive: true });
  const { exitCode, stderr } = await apply();
  expect(exitCode, stderr).toBe(0);
  restore = await desk.lab.snapshot("lab");
});

beforeEach(async () => {
  await restore();
  await desk.lab.control.clearRequests();
});
afterAll(() => desk?.close());

/** Template 9000 once more, under another number and with its system disk elsewhere. */
function copyTemplate(vmid: number, boot: string, disks: readonly string[]) {
  const { 9000: template } = desk.lab.world.guests;
  if (template === undefined) throw new Error("the lab has no template");
  const { scsi0 = "", ...others } = template.config;
  const config = { ...others, boot, ...Object.fromEntries(disks.map((key) => [key, scsi0])) };
  desk.lab.world.guests[vmid] = { ...structuredClone(template), vmid, config };
}

test("drift names it, apply refuses to lose it, and with the flag it is lost as was said", async () => {
  const { control } = desk.lab;
  for (const [vmid, { lost, kept }] of attached) await control.config(String(vmid), { ...lost, ...kept });
  const drifted = await desk.pveHome("drift", "--env", "lab", "--json");
  expect(drifted.exitCode, drifted.stderr).toBe(1);
  const [found] = driftDocumentSchema.parse(JSON.parse(drifted.stdout)).environments;
  for (const [vmid, { hidden, lost, kept }] of attached) {
    const { name, hostname } = guest(vmid)?.config ?? {};
    const findings = found?.findings.filter(({ subject }) => subject.includes(`.${name ?? hostname}`)) ?? [];
    expect(findings.map(({ verdict }) => verdict)).toEqual(["outside"]);
    const paths = findings.flatMap((finding) => finding.changes.map(({ path }) => path));
    const named = Object.keys({ ...lost, ...kept }).filter((key) => key !== "tpmstate0");
    expect(paths).toEqual(expect.arrayContaining(named));
    // The others are in the plan as well, by their attributes.
    if (hidden) expect(paths).toHaveLength(named.length);
  }

  copyTemplate(9002, "order=scsi0", ["scsi0", "scsi1"]);
  declare({ changed: true, cloned_from: [9002] });
  const { forecast, notes } = await desk.plan("lab");
  const losses = forecast.filter(({ effect }) => effect === "loses-device");
  const keys = losses.map(({ vmid, devices }) => [vmid, devices?.map(({ key }) => key).sort()]);
  expect(Object.fromEntries(keys)).toEqual(
    Object.fromEntries([...attached].map(([vmid, { lost }]) => [vmid, Object.keys(lost).sort()])),
  );
  expect(losses.find(({ vmid }) => vmid === 401)).toMatchObject({
    causes: ["disk"],
    away: false,
    fate: "detached",
    devices: expect.arrayContaining([{ key: "scsi5", value: "local-lvm:vm-401-disk-1, 2G" }]),
  });
  expect(notes).toEqual([
    expect.stringMatching(/cloned\[0\]: .* 9002 .*brings scsi1 \(local-lvm:base-9000-disk-0, 3G\)/),
  ]);

  await control.clearRequests();
  const state = readFileSync(file("terraform.tfstate"), "utf8");
  const refused = await apply();
  expect(refused.exitCode, refused.stderr).toBe(4);
  expect(refused.stderr).toContain("--allow-device-loss");
  expect(refused.stderr.replace(/\s+/g, " ")).toContain("vm disks (401): ide0 (local-lvm:vm-401-disk-4, 2G)");
  expect(await changes()).toEqual([]);
  expect(readFileSync(file("terraform.tfstate"), "utf8")).toBe(state);

  const allowed = await apply("--allow-device-loss");
  expect(allowed.exitCode, allowed.stderr).toBe(0);
  for (const [vmid, { lost, kept = {} }] of attached) {
    const config = guest(vmid)?.config ?? {};
    expect([...Object.keys(lost), ...Object.keys(kept)].filter((key) => key in config)).toEqual(
      Object.keys(kept),
    );
  }
  expect(guest(401)?.config).toMatchObject({
    scsi0: expect.stringContaining("size=9G"),
    unused3: expect.anything(),
  });
  expect(guest(404)).toBeUndefined();
});

test("what no token may remove is refused before anything is begun, whatever is allowed", async () => {
  await desk.lab.control.config("402", { hostpci2: "0000:01:00", usb2: "host=1234:5678" });
  declare({ changed: true });
  const { forecast } = await desk.plan("lab");
  expect(forecast.filter(({ effect }) => effect === "refused")).toMatchObject([
    { vmid: 402, node: expect.any(String), devices: [{ key: "hostpci2" }, { key: "usb2" }] },
  ]);
  await desk.lab.control.clearRequests();
  const { exitCode, stderr } = await apply("--allow-device-loss");
  expect(exitCode, stderr).toBe(2);
  expect(stderr.replace(/\s+/g, " ")).toMatch(/on \w+: qm set 402 --delete hostpci2,usb2/);
  expect(await changes()).toEqual([]);
});

test("a template that boots from another interface is refused, with the value to set", async () => {
  copyTemplate(9001, "order=ide2;virtio0", ["virtio0"]);
  declare({ cloned_from: [9001] });
  expect(await desk.pveHome("plan", "--env", "lab", "--json")).toMatchObject({
    exitCode: 3,
    stdout: expect.stringMatching(/"code": "template-disk-interface"[\s\S]*disk_interface = \\"virtio0\\"/),
  });
  const { exitCode, stderr } = await apply("--allow-device-loss");
  expect(exitCode, stderr).toBe(2);
  expect(stderr).toContain('disk_interface = "virtio0"');
  expect(await changes()).toEqual([]);
});
