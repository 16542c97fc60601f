import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ControlClient, controlClient, readLabFacts } from "../../lab/control-client.ts";
import { unusable } from "../../lab/folder.ts";
import { isFolderLocked } from "../../lab/folder-lock.ts";
import type { LabFacts, RunningLab } from "../../lab/lab.ts";
import { LabError, type LabErrorCode } from "../../lab/lab-error.ts";
import { checkNodeNames } from "../../lab/node-names.ts";
import { faults } from "../../lab/world.ts";
import { readTextFile } from "../connect/read-file.ts";
import { reasonOf } from "../connect/system-error.ts";
import { loadConfiguration } from "../homelab/configuration.ts";
import { stateDirectory } from "../homelab/state-directory.ts";
import { messageOf, Problem } from "../model/problem.ts";
import { exitCodes } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { LabFlags, UpFlags } from "./lab.ts";
import { labStatusText, labUpText, listText } from "./lab-text.ts";

export async function up(io: Io, flags: UpFlags): Promise<void> {
  const directory = labDirectory(io, flags);
  const show = (facts: LabFacts) => io.out(flags.json ? JSON.stringify(facts, null, 2) : labUpText(facts));
  // What is wrong in the flags is said before anything is written.
  const authorizedKeys = (flags.authorize ?? []).map((file) => readKey(resolve(io.cwd, file)));
  await asProblem(async () => checkNodeNames(flags.nodes), "for example: --nodes pve1,pve2");
  if (flags.detach) {
    const facts = await startDetached(io, directory);
    if (facts) show(facts);
    return;
  }
  const lab = await start(io, flags, directory, authorizedKeys);
  show(lab.facts);
  await new Promise<void>((done) => {
    if (io.interrupted.aborted) done();
    io.interrupted.addEventListener("abort", () => done(), { once: true });
  });
  await lab.close().catch((cause: unknown) => {
    throw new Problem({
      kind: "undetermined",
      code: "lab-state-lost",
      message: `the lab is down; its latest state could not be saved: ${messageOf(cause)}`,
      place: directory,
      cause,
    });
  });
}

async function start(
  io: Io,
  flags: UpFlags,
  directory: string,
  authorizedKeys: string[],
): Promise<RunningLab> {
  const { port, sshPort, nodes, guests, ownAddresses = false, fresh = false } = flags;
  // Its SSH servers and certificates take their time to load; only this needs them.
  const { startLab } = await import("../../lab/lab.ts");
  try {
    return await startLab({
      ...{ directory, port, sshPort, nodes, guests, authorizedKeys, ownAddresses, fresh },
      log: io.log,
    });
  } catch (cause) {
    if (cause instanceof LabError) throw problemOf(cause);
    throw new Problem({
      kind: "undetermined",
      code: "lab-not-started",
      message: `the lab did not start: ${messageOf(cause)}`,
      hint: "pve-home lab status shows one that runs; --port 0 takes a free port",
      cause,
    });
  }
}

function readKey(file: string): string {
  const refused = (why: string) =>
    new Problem({
      kind: "usage",
      code: "key-invalid",
      message: `${file} is not a public key${why}`,
      hint: "for example: --authorize ~/.ssh/id_ed25519.pub",
    });
  try {
    const text = readTextFile(file).trim();
    if (/^(ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/=]+/.test(text)) return text;
  } catch (cause) {
    throw refused(`: ${reasonOf(cause)}`);
  }
  throw refused("");
}

/**
 * The same command without `--detach`, on its own; its output goes to lab.log in the lab's folder once it is up.
 * What it says when it is not is passed on with its exit code, and nothing is returned.
 */
async function startDetached(io: Io, directory: string): Promise<LabFacts | undefined> {
  // Under another name at first: lab.log may be that of a lab that runs.
  const starting = join(directory, `lab.log.${process.pid}.tmp`);
  const log = openLog(directory, starting);
  const args = process.argv.slice(1).filter((argument) => argument !== "--detach" && argument !== "--json");
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  for (let waited = 0; waited < 30_000 && !exited && !io.interrupted.aborted; waited += 50) {
    await sleep(50);
    const facts = await readLabFacts(directory).catch(() => undefined);
    if (facts?.pid !== child.pid || facts === undefined) continue;
    renameSync(starting, join(directory, "lab.log"));
    child.unref();
    return facts;
  }
  child.kill();
  const said = readFileSync(starting, "utf8").trim();
  rmSync(starting);
  io.log(said || "pve-home: the lab did not start and said nothing");
  io.exitCode = child.exitCode || exitCodes.undetermined;
  return undefined;
}

function openLog(directory: string, file: string): number {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return openSync(file, "w", 0o600);
  } catch (cause) {
    throw problemOf(unusable(directory, cause));
  }
}

export async function status(io: Io, flags: LabFlags): Promise<void> {
  const { facts, control } = await running(io, flags);
  const seen = await asProblem(() => control.status());
  io.out(flags.json ? JSON.stringify({ ...facts, ...seen }, null, 2) : labStatusText(facts, seen));
}

export async function listFaults(io: Io): Promise<void> {
  io.out(listText(Object.entries(faults).map(([name, { target, summary }]) => [name, target, summary])));
}

export async function breakIt(io: Io, flags: LabFlags, fault: string, target?: string): Promise<void> {
  const { control } = await running(io, flags);
  await asProblem(() => control.break(fault, target), "pve-home lab break lists the faults");
  io.out(`${fault}${target === undefined ? "" : ` on ${target}`}: on. pve-home lab mend switches it off.`);
}

export async function mend(io: Io, flags: LabFlags, fault?: string, target?: string): Promise<void> {
  const { control } = await running(io, flags);
  const mended = await asProblem(() => control.mend(fault, target), "pve-home lab break lists the faults");
  const names = mended.map((one) => (one.target === undefined ? one.name : `${one.name} on ${one.target}`));
  io.out(names.length === 0 ? "no such fault was on" : `off: ${names.join(", ")}`);
}

type GuestWork = (control: ControlClient, guest: string) => Promise<unknown>;

const alone = (work: GuestWork) => (settings: readonly string[]) =>
  settings.length === 0 ? work : undefined;

/** By action: what is to be done with these settings; undefined where they make no sense. */
const guestActions: Record<string, (settings: readonly string[]) => GuestWork | undefined> = {
  start: alone((control, guest) => control.start(guest)),
  stop: alone((control, guest) => control.stop(guest)),
  delete: alone((control, guest) => control.delete(guest)),
  recreate: alone((control, guest) => control.recreate(guest)),
  create: alone((control, name) => control.create({ name })),
  set(settings) {
    const pairs = settings.map((setting) => /^([^=]+)=(.*)$/s.exec(setting));
    if (pairs.length === 0 || pairs.includes(null)) return undefined;
    const changes = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
    return (control, guest) => control.config(guest, changes);
  },
  serve([port = "", ...more]) {
    if (more.length > 0 || !/^\d{1,5}$/.test(port)) return undefined;
    return (control, guest) => control.serve(guest, Number(port));
  },
};

export async function changeGuest(
  io: Io,
  flags: LabFlags,
  action: string,
  guest: string,
  settings: readonly string[],
): Promise<void> {
  const hint = `${Object.keys(guestActions).join(", ")}; for example: pve-home lab guest set db memory=1024`;
  const change = Object.hasOwn(guestActions, action) ? guestActions[action]?.(settings) : undefined;
  if (change === undefined) {
    throw new Problem({
      kind: "usage",
      code: "guest-action-invalid",
      message: `"${[action, guest, ...settings].join(" ")}" is not a change of a guest`,
      hint,
    });
  }
  const { control } = await running(io, flags);
  await asProblem(() => change(control, guest), hint);
  io.out(`${guest}: ${[action, ...settings].join(" ").replace(/^set /, "")}`);
}

export async function down(io: Io, flags: LabFlags): Promise<void> {
  const { facts } = await running(io, flags);
  process.kill(facts.pid, "SIGTERM");
  for (let waited = 0; waited < 10_000; waited += 50) {
    await sleep(50);
    if (isFolderLocked(facts.directory)) continue;
    io.out("the lab is down");
    return;
  }
  throw new Problem({
    kind: "undetermined",
    code: "lab-still-running",
    message: `the lab did not stop within 10 s`,
    hint: `kill ${facts.pid}`,
  });
}

/** The lab that runs in the folder, and has just answered; or a Problem that says how to start it. */
async function running(io: Io, flags: LabFlags): Promise<{ facts: LabFacts; control: ControlClient }> {
  const facts = await asProblem(() => readLabFacts(labDirectory(io, flags)));
  return { facts, control: controlClient(facts) };
}

/** `hint` is for what the lab refuses. */
async function asProblem<T>(work: () => Promise<T>, hint?: string): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof LabError ? problemOf(cause, hint) : cause;
  }
}

const hints: Partial<Record<LabErrorCode, string>> = {
  "already-running": "pve-home lab status shows it, pve-home lab down stops it; --dir takes another folder",
  "folder-unusable": "for example: --dir ~/lab",
  "not-running": "pve-home lab up --detach",
};

function problemOf(cause: LabError, hint: string | undefined = hints[cause.code]): Problem {
  const usage = /^(refused|option-invalid|folder-unusable)$/.test(cause.code);
  const problem = { code: `lab-${cause.code}`, message: cause.message, cause } as const;
  return new Problem({ kind: usage ? "usage" : "undetermined", ...problem, ...(hint && { hint }) });
}

function labDirectory(io: Io, flags: LabFlags): string {
  if (flags.dir !== undefined) return resolve(io.cwd, flags.dir);
  return join(stateDirectory(loadConfiguration(io.cwd), io.env), "lab");
}
