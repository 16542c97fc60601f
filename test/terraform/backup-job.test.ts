import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import type { LabEnvironments } from "../drift/lab-environments.ts";
import { apply, callApi, expectNoChanges, leavings, planned } from "./live.test-helper.ts";

// The backup job of an environment beside one that somebody made by hand: ours is changed, lost, mended and destroyed,
// the other stays as it is.

const own = "module.backup[0].proxmox_backup_job.this";
const guests = 'containers = { dns = { vm_id = 203, ipv4 = "127.10.0.22/8" } }\n';

let desk: ApplyDesk;
let lab: LabEnvironments;
let before: unknown;
let other: unknown;
let restore: () => Promise<void>;

beforeAll(async () => {
  desk = await openApplyDesk();
  lab = desk.lab;
  const made = await callApi(lab, "POST", "cluster/backup", {
    id: "by-hand",
    schedule: "sun 05:00",
    storage: "local",
    all: "1",
    "prune-backups": "keep-last=3",
  });
  expect(made.status).toBe(200);
  other = await jobByHand();
  before = await leavings(lab);
  await declare("01:00");
  await lab.run("prod", "init", "-input=false");
  await apply(lab, "prod");
  restore = await lab.snapshot("prod");
});

afterEach(async () => {
  expect(await jobByHand()).toEqual(other);
  await restore();
});
afterAll(() => desk?.close());

const declare = (schedule: string) =>
  lab.declare("prod", `${guests}backup = { storage = "local", schedule = "${schedule}" }\n`);

const jobByHand = async () => (await callApi(lab, "GET", "cluster/backup/by-hand")).data;
const jobs = () => Object.keys(lab.world.backupJobs).sort();

test("another schedule: the job is changed in place", async () => {
  await declare("sat 03:30");
  expect(await planned(lab, "prod")).toEqual([`update ${own} schedule`]);
  await lab.run("prod", "apply", "-input=false", "changes.tfplan");
  expect(lab.world.backupJobs["pve-home-prod"]?.schedule).toBe("sat 03:30");
  await expectNoChanges(lab, "prod");
});

test("deleted by hand: no plan succeeds, drift says which job it is and the way out, and that way leads out", async () => {
  await callApi(lab, "DELETE", "cluster/backup/pve-home-prod");
  // Proxmox answers 400, not 404, which the provider takes for an error.
  expect(await callApi(lab, "GET", "cluster/backup/pve-home-prod")).toMatchObject({ status: 400 });
  await expect(lab.run("prod", "plan", "-input=false")).rejects.toThrow(/pve-home-prod/);

  const drift = await desk.pveHome("drift", "--env", "prod", "--json");
  expect(drift.exitCode, drift.stderr).toBe(1);
  const found = JSON.parse(drift.stdout).environments[0].findings;
  expect(found).toMatchObject([{ verdict: "deleted", subject: own }]);
  const table = await desk.pveHome("drift", "--env", "prod");
  expect(table.exitCode).toBe(1);
  expect(table.stdout).toMatch(/DELETED/);
  expect(table.stdout).toContain(`state rm '${own}'`);

  await lab.run("prod", "state", "rm", own);
  await apply(lab, "prod");
  expect(jobs()).toEqual(["by-hand", "pve-home-prod"]);
  await expectNoChanges(lab, "prod");
  expect(await desk.pveHome("drift", "--env", "prod")).toMatchObject({ exitCode: 0 });
});

test("destroy removes one job", async () => {
  expect(jobs()).toEqual(["by-hand", "pve-home-prod"]);
  await lab.run("prod", "destroy", "-auto-approve", "-input=false");
  expect(jobs()).toEqual(["by-hand"]);
  expect(await leavings(lab)).toEqual(before);
});
