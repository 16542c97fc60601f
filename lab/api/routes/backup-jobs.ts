import { randomUUID } from "node:crypto";
import { includedGuests } from "../../backup/included.ts";
import { parseProperties } from "../../config/property-string.ts";
import { guestName } from "../../guest.ts";
import type { ConfigValue } from "../../world.ts";
import { failure, parameterError } from "../errors.ts";
import { allowed, type Call, type Permission, type Route, requirePrivileges } from "../route.ts";

const audit: Permission = { at: "/", all: ["Sys.Audit"] };
const modify: Permission = { at: "/", all: ["Sys.Modify"] };

type Job = Record<string, ConfigValue>;

/** Backup jobs, and which guests none of them covers. Source: PVE::API2::Backup, PVE::API2::Cluster::BackupInfo. */
export const backupJobRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "cluster/backup",
    permission: audit,
    handle: ({ lab }) => Object.values(lab.world.backupJobs).map(shown),
  },
  { method: "POST", path: "cluster/backup", permission: modify, handle: create },
  { method: "GET", path: "cluster/backup/{id}", permission: audit, handle: (call) => shown(jobOf(call)) },
  { method: "PUT", path: "cluster/backup/{id}", permission: modify, handle: update },
  {
    method: "DELETE",
    path: "cluster/backup/{id}",
    permission: modify,
    handle(call) {
      jobOf(call);
      delete call.lab.world.backupJobs[call.path.id ?? ""];
    },
  },
  { method: "GET", path: "cluster/backup-info/not-backed-up", permission: audit, handle: notBackedUp },
];

const wholeNumbers = new Set([
  "all",
  "bwlimit",
  "enabled",
  "ionice",
  "lockwait",
  "maxfiles",
  "pigz",
  "protected",
  "quiet",
  "remove",
  "repeat-missed",
  "stdexcludes",
  "stop",
  "stopwait",
  "zstd",
]);

function create(call: Call): void {
  checkParameters(call);
  const pool = call.input.text("pool");
  if (pool !== undefined) requirePrivileges(call, `/pool/${pool}`, ["VM.Backup"]);
  const { backupJobs } = call.lab.world;
  const id = call.input.text("id") ?? `backup-${randomUUID().slice(0, 13)}`;
  if (backupJobs[id]) throw failure(`Job '${id}' already exists`);
  if (call.input.text("schedule") === undefined && call.input.text("starttime") === undefined) {
    throw parameterError({ schedule: "neither 'starttime' nor 'schedule' were set" });
  }
  backupJobs[id] = { type: "vzdump", enabled: 1, ...sent(call), id };
}

function update(call: Call): void {
  const job = jobOf(call);
  checkParameters(call);
  for (const key of call.input.list("delete")) delete job[key];
  Object.assign(job, sent(call));
}

function sent(call: Call): Job {
  const job: Job = {};
  for (const [key, values] of call.input.entries()) {
    if (key === "delete" || key === "id") continue;
    const value = values.join(",");
    job[key] = wholeNumbers.has(key) ? Number(value.replace(/^(true|yes|on)$/i, "1")) || 0 : value;
  }
  return job;
}

// assert_param_permission_common and _create.
function checkParameters(call: Call): void {
  if (call.who.name === "root@pam") return;
  for (const key of ["tmpdir", "dumpdir", "script", "job-id"]) {
    if (call.input.text(key) !== undefined) throw parameterError({ [key]: "Only root may set this option." });
  }
  const storage = call.input.text("storage");
  if (storage !== undefined) requirePrivileges(call, `/storage/${storage}`, ["Datastore.Allocate"]);
}

// A missing job is a 400, not a 404; that is Proxmox, and clients stumble over it.
function jobOf(call: Call): Job {
  const job = call.lab.world.backupJobs[call.path.id ?? ""];
  if (!job) throw parameterError({ id: `No such job '${call.path.id}'` });
  return job;
}

const objects = ["prune-backups", "fleecing", "performance"] as const;

// These are property strings when posted and objects when returned.
function shown(job: Job): Record<string, unknown> {
  const answer: Record<string, unknown> = { ...job };
  for (const key of objects) {
    const value = job[key];
    if (value === undefined) continue;
    const parts = parseProperties(String(value), "enabled");
    answer[key] = Object.fromEntries(
      [...parts].map(([name, text]) => [
        name,
        /^\d+$/.test(text) && key !== "prune-backups" ? Number(text) : text,
      ]),
    );
  }
  return answer;
}

function notBackedUp(call: Call): unknown {
  const { world } = call.lab;
  const included = new Set(
    Object.values(world.backupJobs).flatMap((job) => includedGuests(world, job).map(({ vmid }) => vmid)),
  );
  return Object.values(world.guests)
    .filter(({ vmid }) => !included.has(vmid) && allowed(call, `/vms/${vmid}`, ["VM.Audit"]))
    .map((guest) => ({ vmid: guest.vmid, type: guest.kind, name: guestName(guest) }));
}
