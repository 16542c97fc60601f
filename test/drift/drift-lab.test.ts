import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/connect/clock.ts";
import { listBackupJobs } from "../../src/connect/proxmox/backup-jobs.ts";
import { createProxmoxClient } from "../../src/connect/proxmox/client.ts";
import { listGuests } from "../../src/connect/proxmox/guests.ts";
import { readLock } from "../../src/connect/terraform/state-lock.ts";
import type { TerraformRun } from "../../src/connect/terraform/types.ts";
import { prepare } from "../../src/connect/terraform/workspace.ts";
import { backupJobSource } from "../../src/drift/backup-jobs.ts";
import { checkDrift, type DriftResult } from "../../src/drift/check-drift.ts";
import { Secret } from "../../src/model/secret.ts";
import { editFile, type LabEnvironments, startLabEnvironments } from "./lab-environments.ts";

// Drift as a user meets it: our own environments, applied by the real provider, then changed by hand or in code.

const web = 'module.vms["web"].proxmox_virtual_environment_vm.this';
const dns = 'module.containers["dns"].proxmox_virtual_environment_container.this';

let lab: LabEnvironments;
let restore: () => Promise<void>;

beforeAll(async () => {
  lab = await startLabEnvironments();
  await lab.declare(
    "prod",
    `vms = { web = { vm_id = 201, ipv4 = "127.10.0.20/8", memory_mb = 2048, disk_size_gb = 8 } }
containers = { dns = { vm_id = 203, ipv4 = "127.10.0.22/8", memory_mb = 512 } }
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
  for (const name of ["prod", "lab"]) {
    await lab.run(name, "init", "-input=false");
    await lab.run(name, "apply", "-auto-approve", "-input=false");
  }
  restore = await lab.snapshot("prod", "lab");
});

afterEach(() => restore());
afterAll(() => lab?.close());

const variables = () => join(lab.directory("prod"), "terraform.tfvars");
const editCode = (from: string, to: string) => editFile(variables(), from, to);

async function drift(over: Partial<TerraformRun> = {}): Promise<Required<DriftResult>> {
  const client = createProxmoxClient({
    endpoint: lab.endpoint,
    token: new Secret(lab.token),
    tls: { kind: "ca-file", path: lab.caFile },
    timeoutMs: 10_000,
  });
  const environments = ["prod", "lab"].map((name) => ({
    name,
    run: {
      directory: lab.directory(name),
      tool: lab.tool.kind,
      program: lab.tool.path,
      environment: { ...lab.env, PROXMOX_VE_API_TOKEN: new Secret(lab.token) },
      ...(name === "prod" ? over : {}),
    },
  }));
  try {
    const { reports, unmanaged } = await checkDrift(environments, {
      prepare,
      readLock,
      listGuests: () => listGuests(client),
      sources: [backupJobSource(() => listBackupJobs(client))],
      clock: systemClock,
      log: () => undefined,
      lockTimeoutMs: 0,
      noise: [],
      ignoreUnmanaged: [],
    });
    if (unmanaged === undefined) throw new Error("nothing was said about strangers");
    return { reports, unmanaged };
  } finally {
    client.close();
  }
}

/** What is said, a line each: the environment or the cluster, verdict, subject and attributes, or the status. */
async function said(over: Partial<TerraformRun> = {}): Promise<string[]> {
  const { reports, unmanaged } = await drift(over);
  const all = [...reports, { environment: "cluster", ...unmanaged }];
  return all.flatMap(({ environment, status, findings, problem }) => [
    ...(findings.length === 0 || problem !== undefined ? [`${environment}: ${problem?.code ?? status}`] : []),
    ...findings.map(({ verdict, subject, changes }) =>
      [`${environment}: ${verdict} ${subject}`, ...changes.map(({ path }) => path)].join(" "),
    ),
  ]);
}

const inLine = ["prod: ok", "lab: ok", "cluster: ok"];

describe("no drift", () => {
  test("what was applied", async () => {
    expect(await said()).toEqual(inLine);
  });

  test("another address from the agent", async () => {
    const state = join(lab.directory("prod"), "terraform.tfstate");
    await editFile(state, /("ipv4_addresses": \[[^\]]*\],\s*\[\s*)"127\.10\.0\.20"/, '$1"127.10.0.99"');
    const { reports } = await drift();
    expect(reports[0]).toMatchObject({ status: "ok", findings: [] });
    expect(reports[0]?.notes?.join()).toContain(`${web} (ipv4_addresses)`);
  });

  test("outputs alone", async () => {
    await appendFile(variables(), 'services = { site = { kind = "http", url = "http://127.10.0.20" } }\n');
    expect(await said()).toEqual(inLine);
  });

  test("a hand edit that equals the code", async () => {
    await lab.control.config("dns", { memory: 1024 });
    await editCode("memory_mb = 512", "memory_mb = 1024");
    expect(await said()).toEqual(inLine);
  });
});

describe("drift", () => {
  test("memory edited by hand, with before and after; none any more after apply", async () => {
    await lab.control.config("dns", { memory: 1024 });
    const { reports } = await drift();
    expect(reports[0]).toMatchObject({ environment: "prod", status: "drift" });
    expect(reports[0]?.findings).toMatchObject([
      {
        verdict: "outside",
        subject: dns,
        changes: [{ path: "memory[0].dedicated", before: 512, after: 1024 }],
        hint: expect.stringContaining("pve-home apply --env prod"),
      },
    ]);
    await lab.run("prod", "apply", "-auto-approve", "-input=false");
    expect(await said()).toEqual(inLine);
  });

  test("a guest deleted, and a stranger; none any more after apply and removal", async () => {
    await lab.control.delete("dns");
    await lab.control.create({ vmid: 105, name: "stranger" });
    expect(await said()).toEqual([`prod: deleted ${dns}`, "lab: ok", "cluster: unmanaged vm/105 (stranger)"]);
    await lab.control.delete("stranger");
    await lab.run("prod", "apply", "-auto-approve", "-input=false");
    expect(await said()).toEqual(inLine);
  });

  test("the code edited, and not applied", async () => {
    await editCode("memory_mb = 512", "memory_mb = 768");
    expect(await said()).toEqual([`prod: pending ${dns} memory[0].dedicated`, "lab: ok", "cluster: ok"]);
  });

  test("one resource with both", async () => {
    await lab.control.config("web", { cores: 4 });
    await editCode("disk_size_gb = 8", 'disk_size_gb = 8, description = "new"');
    expect(await said()).toEqual([
      `prod: outside ${web} cpu[0].cores`,
      `prod: pending ${web} description`,
      "lab: ok",
      "cluster: ok",
    ]);
  });

  test("a guest stopped by hand", async () => {
    await lab.control.stop("web");
    expect(await said()).toEqual([`prod: outside ${web} started`, "lab: ok", "cluster: ok"]);
  });

  test("a backup job deleted: the plan fails, and the job is named with the way out", async () => {
    delete lab.world.backupJobs.nightly;
    const { reports, unmanaged } = await drift();
    expect(reports.map(({ status }) => status)).toEqual(["ok", "unknown"]);
    expect(reports[1]?.findings).toMatchObject([
      {
        verdict: "deleted",
        subject: "proxmox_backup_job.nightly",
        hint: expect.stringContaining(" state rm "),
      },
    ]);
    expect(reports[1]?.problem?.hint).toBe(reports[1]?.findings[0]?.hint);
    expect(unmanaged.status).toBe("ok");
    await lab.run("lab", "state", "rm", "proxmox_backup_job.nightly");
    await lab.run("lab", "apply", "-auto-approve", "-input=false");
    expect(await said()).toEqual(inLine);
  });
});

describe("what cannot be checked hides nothing about the others", () => {
  test("a locked state: by whom and since when", async () => {
    const lock = {
      ID: "5c1d",
      Operation: "OperationTypeApply",
      Who: "anna@laptop",
      Version: "1.11.4",
      Created: "2026-03-01T04:00:00Z",
    };
    await writeFile(join(lab.directory("prod"), ".terraform.tfstate.lock.info"), JSON.stringify(lock));
    const { reports } = await drift();
    expect(reports.map(({ status }) => status)).toEqual(["unknown", "ok"]);
    expect(reports[0]?.problem).toMatchObject({
      code: "state-locked",
      message: expect.stringContaining("locked by anna@laptop since 2026-03-01T04:00:00Z"),
    });
  });

  test("wrong credentials", async () => {
    const wrong = lab.token.replace(/=.*/, "=00000000-0000-0000-0000-000000000000");
    const environment = { ...lab.env, PROXMOX_VE_API_TOKEN: new Secret(wrong) };
    expect(await said({ environment })).toEqual(["prod: terraform-credentials", "lab: ok", "cluster: ok"]);
  });

  test("an API that is not there", async () => {
    const environment = { ...lab.env, PROXMOX_VE_ENDPOINT: "https://127.0.0.1:1/" };
    expect(await said({ environment })).toEqual(["prod: terraform-unreachable", "lab: ok", "cluster: ok"]);
  });

  test("an invalid configuration", async () => {
    await writeFile(join(lab.directory("prod"), "broken.tf"), "output x {\n");
    expect(await said()).toEqual(["prod: terraform-invalid", "lab: ok", "cluster: states-unread"]);
  });
});
