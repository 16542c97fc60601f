import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { resolveAllProviders } from "../../tools/programs/index.ts";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import { editFile, type LabEnvironments } from "../drift/lab-environments.ts";
import { checkpoint, downloads, expectNoChanges, outputs, snippets } from "./live.test-helper.ts";
import { declareExample, freshProxmox } from "./newcomer.test-helper.ts";
import {
  commandsBelow,
  listed,
  neededBy,
  onNode,
  roleIn,
  settings,
  tokenWithout,
} from "./privileges.test-helper.ts";

// docs/privileges.md: its commands make tokens that suffice for the examples, and of its list nothing may be missing.

const environments = ["prod", "lab", "monitoring"] as const;
const commands = commandsBelow("Proxmox VE 9");

let home: ApplyDesk;
let read: string;
let applied: { exitCode: number | null; stderr: string }[];

beforeAll(async () => {
  home = await openApplyDesk();
  const { lab } = home;
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  await freshProxmox(lab, "prod");
  for (const name of environments) await declareExample(lab, name);
  // What the example offers and leaves out.
  const variables = join(lab.directory("monitoring"), "terraform.tfvars");
  await editFile(variables, '# backup = { storage = "nas" }', 'backup = { storage = "local" }');
  const tokens = await onNode(lab, commands);
  read = settings(home, "exact", {
    read: tokens["monitor@pve"] ?? "",
    apply: tokens["terraform@pve"] ?? "",
  });
  const apply = (name: string) => home.pveHome("apply", "--config", read, "--env", name, "--yes");
  applied = await Promise.all(environments.map(apply));
  // For what Terraform says by itself.
  await Promise.all(environments.map((name) => lab.run(name, "init", "-input=false")));
});
afterAll(() => home?.close());

test("the page's roles have what its table lists, each privilege once, and in Proxmox VE 8 its own names", () => {
  const names = listed.map(({ privilege }) => privilege);
  expect(names).toEqual([...new Set(names)]);
  expect(roleIn(commands, "PveHomeApply")).toEqual(neededBy("apply"));
  const reading = [...roleIn(commands, "PveHomeRead"), ...roleIn(commands, "PveHomeSnippets")];
  const needed = neededBy("health", "hosts trust", "plan", "drift");
  expect([...new Set(reading)].sort()).toEqual(needed);
  const old = roleIn(commandsBelow("Proxmox VE 8"), "PveHomeRead");
  const kept = roleIn(commands, "PveHomeRead").filter((name) => !name.startsWith("VM.GuestAgent."));
  expect(old).toEqual([...kept, "VM.Monitor"].sort());
});

test("with these tokens every example is applied, and then nothing differs", async () => {
  for (const { exitCode, stderr } of applied) expect(exitCode, stderr).toBe(0);
  const drift = await home.pveHome("drift", "--config", read, "--all");
  expect(drift.exitCode, drift.stdout).toBe(0);
});

test.each([
  {
    name: "prod",
    guests: [201, 202, 203],
    files: ["local:import/prod-pve1-image.qcow2", "local:vztmpl/prod-pve1-template.tar.zst"],
  },
  {
    name: "lab",
    guests: [301, 302],
    files: ["local:import/lab-pve1-image.qcow2", "local:vztmpl/lab-pve1-template.tar.zst"],
  },
  { name: "monitoring", guests: [251], files: ["local:import/monitoring-pve1-image.qcow2"] },
])(
  "the example of $name, on a Proxmox as its installer leaves it: no warning, and its guests run",
  async ({ name, guests, files }) => {
    const { lab } = home;
    expect(await expectNoChanges(lab, name)).not.toContain("Warning");
    expect(downloads(lab).filter((volid) => volid.includes(`/${name}-`))).toEqual(files);
    for (const vmid of guests) {
      const guest = lab.world.guests[vmid];
      expect(guest?.status).toBe("running");
      // What Docker, packages and updates come from reaches every VM.
      if (guest?.kind !== "qemu") continue;
      expect(guest.inside.files["/home/debian/.ssh/authorized_keys"]).toContain("you@laptop");
      expect(guest.config.boot).toMatch(/^order=scsi0/);
    }
    const { inventory } = await outputs(lab, name);
    expect(inventory?.value).toMatchObject({
      environment: name,
      guests: guests.map(() => expect.anything()),
    });
  },
);

test("destroy leaves nothing of the examples: no guest, no downloaded file, no snippet", async () => {
  const { lab } = home;
  expect(Object.keys(lab.world.guests).map(Number)).toEqual([201, 202, 203, 251, 301, 302]);
  const restore = await checkpoint(lab, ...environments);
  try {
    await Promise.all(environments.map((name) => lab.run(name, "destroy", "-auto-approve", "-input=false")));
    expect(lab.world.guests).toEqual({});
    // The provider does not wait for the node to have removed a file.
    await expect.poll(() => downloads(lab), { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => snippets(lab), { timeout: 10_000 }).toEqual({});
  } finally {
    await restore();
  }
});

test("to read: each listed privilege that is missing is named with its path", async () => {
  const granted = {
    "/": roleIn(commands, "PveHomeRead"),
    "/storage/local": roleIn(commands, "PveHomeSnippets"),
  };
  const run = async (name: string, missing: Record<string, string[]>, ...args: string[]) => {
    const config = settings(home, name, { read: tokenWithout(home.lab, granted, missing) });
    const { stdout, stderr, exitCode } = await home.pveHome(...args, "--config", config);
    expect(exitCode, stdout + stderr).toBe(3);
    return (stdout + stderr).replace(/\s+/g, " ");
  };
  const [seen, disks, files, snippets, jobs, trust, health] = await Promise.all([
    run("seen", { "/vms/301": ["VM.Audit"] }, "plan", "--env", "lab"),
    run("disks", { "/vms/202": ["VM.Config.Disk"] }, "plan", "--env", "prod"),
    run("files", { "/storage/local": ["Datastore.Audit"] }, "plan", "--env", "monitoring"),
    run("snippets", { "/storage/local": ["Datastore.Allocate"] }, "drift", "--env", "lab", "--json"),
    run("jobs", { "/": ["Sys.Audit"] }, "drift", "--env", "monitoring", "--json"),
    run(
      "trust",
      { "/vms/201": ["VM.GuestAgent.FileRead"], "/vms/202": ["VM.Audit"] },
      "hosts",
      "trust",
      "--env",
      "prod",
      "--json",
    ),
    run(
      "health",
      { "/vms/251": ["VM.GuestAgent.Audit"] },
      ...["health", "--env", "monitoring", "--json", "--timeout", "60"],
    ),
  ]);
  expect(seen).toMatch(named("VM.Audit", "/vms/301"));
  expect(disks).toMatch(named("VM.Config.Disk", "/vms/202"));
  expect(files).toMatch(named("Datastore.Audit", "/storage/local"));
  expect(snippets).toMatch(named("Datastore.Allocate", "/storage/local"));
  expect(jobs).toMatch(named("Sys.Audit", "/"));
  expect(trust).toMatch(named("VM.GuestAgent.FileRead", "/vms/201"));
  expect(trust).toContain("VM.Audit on /vms/202");
  expect(health).toMatch(named("VM.GuestAgent.Audit", "/vms/251"));
});

const named = (privilege: string, path: string) =>
  new RegExp(`${privilege.replaceAll(".", "\\.")}( or [\\w.]+)? on ${path}(?![\\w/])`);

// One guest for each privilege: it has all of them but this one, so that one run names them all.
const guests = {
  allocate: { lacks: "VM.Allocate", at: "/vms/401" },
  cpu: { lacks: "VM.Config.CPU", at: "/vms/402" },
  memory: { lacks: "VM.Config.Memory", at: "/vms/403" },
  network: { lacks: "VM.Config.Network", at: "/vms/404" },
  disk: { lacks: "VM.Config.Disk", at: "/vms/405" },
  hardware: { lacks: "VM.Config.HWType", at: "/vms/406" },
  options: { lacks: "VM.Config.Options", at: "/vms/407" },
  power: { lacks: "VM.PowerMgmt", at: "/vms/408" },
  clone: { lacks: "VM.Clone", at: "/vms/9001", template_vmid: 9001 },
  drive: { lacks: "VM.Config.Cloudinit", at: "/vms/410", template_vmid: 9000 },
  cdrom: { lacks: "VM.Config.CDROM", at: "/vms/411", template_vmid: 9000 },
  bridge: { lacks: "SDN.Use", at: "/sdn/zones/localnetwork/vmbr1", bridge: "vmbr1" },
  space: { lacks: "Datastore.AllocateSpace", at: "/storage/other", datastore_id: "other" },
  order: { lacks: "Sys.Modify", at: "/", startup: { order: 1 } },
};

// Files come first, and what is made from them waits for all of them.
const files = {
  snippet: { lacks: "Datastore.Allocate", at: "/storage/local", snippets: true },
  template: {
    lacks: "Datastore.AllocateTemplate",
    at: "/storage/local",
    image_url: "https://a.example/a.qcow2",
  },
};

/** Where one of several privileges would do, Proxmox names neither it nor the path. */
const unnamed: Record<string, string> = { "VM.Allocate": "/vms" };

test("to apply: each listed privilege that is missing is named with its path", async () => {
  const desk = await openApplyDesk();
  onTestFinished(() => desk.close());
  const { lab } = desk;
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  const { storages } = lab.world;
  const all = neededBy("apply");
  const template = lab.world.guests[9000];
  if (template) lab.world.guests[9001] = { ...structuredClone(template), vmid: 9001 };
  if (storages["local-lvm"]) storages.other = { ...storages["local-lvm"], storage: "other", volumes: {} };

  const run = async (
    from: ApplyDesk,
    args: ["apply" | "plan", string],
    without: Record<string, string[]>,
  ) => {
    const [command, name] = args;
    const token = tokenWithout(from.lab, { "/": all }, without);
    const config = settings(from, args.join("-"), { read: token, apply: token });
    const answer = command === "apply" ? ["--yes"] : [];
    const ran = await from.pveHome(command, "--config", config, "--env", name, ...answer);
    expect(ran.exitCode, ran.stdout + ran.stderr).toBe(3);
    return (ran.stdout + ran.stderr).replace(/\s+/g, " ");
  };
  await declareCut(lab, "prod", guests, 401);
  await declareCut(lab, "lab", files, 421);
  const [made, downloaded, jobs, unseen] = await Promise.all([
    run(desk, ["apply", "prod"], lacking(guests)),
    run(desk, ["apply", "lab"], lacking(files)),
    run(home, ["apply", "monitoring"], { "/": ["Sys.Audit"] }),
    run(desk, ["plan", "prod"], { "/vms": ["VM.Audit"] }),
  ]);
  for (const { lacks, at } of Object.values(guests)) expect(made).toMatch(named(lacks, unnamed[lacks] ?? at));
  for (const { lacks, at } of Object.values(files))
    expect(downloaded).toMatch(named(lacks, unnamed[lacks] ?? at));
  expect(jobs).toMatch(named("Sys.Audit", "/"));
  expect(unseen).toMatch(named("VM.Audit", "/vms/401"));
  const tried = [
    ...Object.values({ ...guests, ...files }).map(({ lacks }) => lacks),
    "Sys.Audit",
    "VM.Audit",
  ];
  expect(tried.sort()).toEqual(all);
});

type Cut = Record<string, { lacks: string; at: string } & Record<string, unknown>>;

/** Declares these VMs, made from an image that is there unless they say otherwise, numbered from `first` on. */
function declareCut(lab: LabEnvironments, name: string, cut: Cut, first: number): Promise<void> {
  const image = "local:import/debian-12-genericcloud-amd64.qcow2";
  const vms = Object.entries(cut).map(([guest, { lacks: _lacks, at: _at, ...own }], index) => {
    const source = (own.image_url ?? own.template_vmid) ? {} : { image_file_id: image };
    return [guest, { vm_id: first + index, disk_size_gb: 8, ...source, ...own }];
  });
  return lab.declare(
    name,
    `firewall_enabled = false\nsnippets = false\nvms = ${JSON.stringify(Object.fromEntries(vms))}\n`,
  );
}

function lacking(cut: Cut): Record<string, string[]> {
  const missing: Record<string, string[]> = {};
  for (const { lacks, at } of Object.values(cut)) missing[at] = [...(missing[at] ?? []), lacks];
  return missing;
}
