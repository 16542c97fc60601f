import { appendFile, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/connect/clock.ts";
import { listBackupJobs } from "../../src/connect/proxmox/backup-jobs.ts";
import { createProxmoxClient } from "../../src/connect/proxmox/client.ts";
import { guestConfig, listGuests } from "../../src/connect/proxmox/guests.ts";
import { readLock } from "../../src/connect/terraform/state-lock.ts";
import type { TerraformRun } from "../../src/connect/terraform/types.ts";
import { prepare } from "../../src/connect/terraform/workspace.ts";
import { backupJobSource } from "../../src/drift/backup-jobs.ts";
import { checkDrift, type DriftResult } from "../../src/drift/check-drift.ts";
import { undeclaredDeviceSource } from "../../src/drift/undeclared-devices.ts";
import { Secret } from "../../src/model/secret.ts";
import { editFile, type LabEnvironments, startLabEnvironments } from "./lab-environments.ts";

// Drift as a user meets it: our own environments, applied by the real provider, then changed by hand or in code.

// A start of the provider costs more than anything it is asked: what is changed is changed on different guests at once.

const vm = (name: string) => `module.vms["${name}"].proxmox_virtual_environment_vm.this`;
const container = (name: string) => `module.containers["${name}"].proxmox_virtual_environment_container.this`;

let lab: LabEnvironments;

beforeAll(async () => {
  lab = await startLabEnvironments();
  // A VM and a container are whole; firewall and snippets of the others only cost time.
  await lab.declare(
    "prod",
    `firewall_enabled = false
snippets = false
vms = {
  mail = { vm_id = 201, ipv4 = "127.10.0.20/8", memory_mb = 2048, disk_size_gb = 8, firewall_enabled = true, snippets = true }
  web  = { vm_id = 202, ipv4 = "127.10.0.21/8", memory_mb = 2048, disk_size_gb = 8 }
  wiki = { vm_id = 203, ipv4 = "127.10.0.22/8", memory_mb = 2048, disk_size_gb = 8 }
}
containers = {
  cache = { vm_id = 204, ipv4 = "127.10.0.23/8", memory_mb = 384 }
  db    = { vm_id = 205, ipv4 = "127.10.0.24/8", memory_mb = 512, firewall_enabled = true }
  dns   = { vm_id = 206, ipv4 = "127.10.0.25/8", memory_mb = 512 }
  git   = { vm_id = 207, ipv4 = "127.10.0.26/8", memory_mb = 640 }
}
`,
  );
  await lab.declare(
    "lab",
    `containers = { scratch = { vm_id = 302, ipv4 = "127.10.0.31/8", memory_mb = 256 } }\n`,
  );
  await writeFile(
    join(lab.directory("lab"), "backup.tf"),
    'resource "proxmox_backup_job" "nightly" {\n  id = "nightly"\n  schedule = "02:00"\n  storage = "local"\n  all = true\n}\n',
  );
  const applied = async (name: string) => {
    await lab.run(name, "init", "-input=false");
    await lab.run(name, "apply", "-auto-approve", "-input=false");
  };
  await Promise.all(["prod", "lab"].map(applied));
});

afterAll(() => lab?.close());

const variables = () => join(lab.directory("prod"), "terraform.tfvars");
const editCode = (from: string, to: string) => editFile(variables(), from, to);

/** An environment to look at: in the folder and with the settings of its name, unless it has others. */
interface Looked extends Partial<TerraformRun> {
  name: string;
}

async function drift(looked: Looked[]): Promise<Required<DriftResult>> {
  const client = createProxmoxClient({
    endpoint: lab.endpoint,
    token: new Secret(lab.token),
    tls: { kind: "ca-file", path: lab.caFile },
    timeoutMs: 10_000,
  });
  const environments = looked.map(({ name, ...over }) => ({
    name,
    run: {
      directory: lab.directory(name),
      tool: lab.tool.kind,
      program: lab.tool.path,
      environment: { ...lab.env, PROXMOX_VE_API_TOKEN: new Secret(lab.token) },
      ...over,
    },
  }));
  try {
    const { reports, unmanaged } = await checkDrift(environments, {
      prepare,
      readLock,
      listGuests: () => listGuests(client),
      everything: true,
      sources: [
        backupJobSource(() => listBackupJobs(client)),
        undeclaredDeviceSource((guest) => guestConfig(client, guest)),
      ],
      clock: systemClock,
      log: () => undefined,
      lockTimeoutMs: 0,
      noise: [],
      ignoreUnmanaged: [],
    });
    if (unmanaged === undefined) throw new Error("nothing was said about unmanaged guests");
    return { reports, unmanaged };
  } finally {
    client.close();
  }
}

/** What is said, a line each: the environment or the cluster, verdict, subject and attributes, or the status. */
function said({ reports, unmanaged }: Required<DriftResult>): string[] {
  const all = [...reports, { environment: "cluster", ...unmanaged }];
  return all.flatMap(({ environment, status, findings, problem }) => [
    ...(findings.length === 0 || problem !== undefined ? [`${environment}: ${problem?.code ?? status}`] : []),
    ...findings.map(({ verdict, subject, changes }) =>
      [`${environment}: ${verdict} ${subject}`, ...changes.map(({ path }) => path)].join(" "),
    ),
  ]);
}

const both = [{ name: "prod" }, { name: "lab" }];
const inLine = ["prod: ok", "lab: ok", "cluster: ok"];

test("what is no drift, all of it; then drift, all of it; none any more once it is mended", async () => {
  // Another address from the agent, outputs alone, a hand edit that equals the code.
  const state = join(lab.directory("prod"), "terraform.tfstate");
  await editFile(state, /("ipv4_addresses": \[[^\]]*\],\s*\[\s*)"127\.10\.0\.20"/, '$1"127.10.0.99"');
  await appendFile(variables(), 'services = { site = { kind = "http", url = "http://127.10.0.20" } }\n');
  await lab.control.config("cache", { memory: 1024 });
  await editCode("memory_mb = 384", "memory_mb = 1024");
  const harmless = await drift(both);
  expect(said(harmless)).toEqual(inLine);
  expect(harmless.reports[0]).toMatchObject({ status: "ok", findings: [] });
  const notes = harmless.reports[0]?.notes?.join();
  expect(notes).toContain(`${vm("mail")} (ipv4_addresses)`);
  expect(notes).toContain(`${container("cache")} (memory)`);

  await lab.control.config("db", { memory: 1024 });
  await lab.control.delete("dns");
  await editCode("memory_mb = 640", "memory_mb = 768");
  await lab.control.config("web", { cores: 4, scsi5: "local-lvm:8" });
  await editCode(
    '"127.10.0.21/8", memory_mb = 2048, disk_size_gb = 8',
    '"127.10.0.21/8", memory_mb = 2048, disk_size_gb = 8, description = "new"',
  );
  await lab.control.stop("wiki");
  await lab.control.create({ vmid: 105, name: "leftover" });
  delete lab.world.backupJobs.nightly;
  const { reports, unmanaged } = await drift(both);
  expect(said({ reports, unmanaged })).toEqual([
    `prod: outside ${container("db")} memory[0].dedicated`,
    `prod: deleted ${container("dns")}`,
    `prod: pending ${container("git")} memory[0].dedicated`,
    `prod: outside ${vm("web")} cpu[0].cores scsi5`,
    `prod: pending ${vm("web")} description`,
    `prod: outside ${vm("wiki")} started`,
    "lab: terraform-failed",
    "lab: deleted proxmox_backup_job.nightly",
    "cluster: unmanaged vm/105 (leftover)",
  ]);
  const [prod, withoutJob] = reports;
  expect(prod).toMatchObject({ environment: "prod", status: "drift" });
  expect(prod?.findings.find(({ subject }) => subject === container("db"))).toMatchObject({
    changes: [{ path: "memory[0].dedicated", before: 512, after: 1024 }],
    hint: expect.stringContaining("pve-home apply --env prod"),
  });
  // The provider cannot plan without the job: it is named, with what to do.
  expect(withoutJob?.status).toBe("unknown");
  expect(withoutJob?.findings[0]?.hint).toContain(" state rm ");
  expect(withoutJob?.problem?.hint).toBe(withoutJob?.findings[0]?.hint);

  await lab.control.delete("leftover");
  await lab.control.config("web", { scsi5: null });
  await lab.run("lab", "state", "rm", "proxmox_backup_job.nightly");
  await Promise.all(["prod", "lab"].map((name) => lab.run(name, "apply", "-auto-approve", "-input=false")));
  expect(said(await drift(both))).toEqual(inLine);
});

describe("what cannot be checked hides nothing about the others", () => {
  test("wrong credentials, and an API that is not there: the states are read all the same", async () => {
    const directory = lab.directory("prod");
    const wrong = lab.token.replace(/=.*/, "=00000000-0000-0000-0000-000000000000");
    const looked = [
      { name: "refused", directory, environment: { ...lab.env, PROXMOX_VE_API_TOKEN: new Secret(wrong) } },
      { name: "gone", directory, environment: { ...lab.env, PROXMOX_VE_ENDPOINT: "https://127.0.0.1:1/" } },
      { name: "lab" },
    ];
    expect(said(await drift(looked))).toEqual([
      "refused: terraform-credentials",
      "gone: terraform-unreachable",
      "lab: ok",
      "cluster: ok",
    ]);
  });

  test("a locked state: by whom and since when; an invalid configuration", async () => {
    const lock = {
      ID: "5c1d",
      Operation: "OperationTypeApply",
      Who: "anna@laptop",
      Version: "1.11.4",
      Created: "2026-03-01T04:00:00Z",
    };
    for (const name of ["locked", "broken"])
      await cp(lab.directory("prod"), lab.directory(name), { recursive: true });
    await writeFile(join(lab.directory("locked"), ".terraform.tfstate.lock.info"), JSON.stringify(lock));
    await writeFile(join(lab.directory("broken"), "broken.tf"), "output x {\n");
    // Nothing here needs the provider.
    await mkdir(lab.directory("plain"));
    await writeFile(join(lab.directory("plain"), "main.tf"), "locals { x = 1 }\n");
    const found = await drift(["locked", "broken", "plain"].map((name) => ({ name })));
    expect(said(found)).toEqual([
      "locked: state-locked",
      "broken: terraform-invalid",
      "plain: ok",
      "cluster: states-unread",
    ]);
    expect(found.reports.map(({ status }) => status)).toEqual(["unknown", "unknown", "ok"]);
    expect(found.reports[0]?.problem?.message).toContain("locked by anna@laptop since 2026-03-01T04:00:00Z");
  });
});
