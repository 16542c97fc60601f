import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ControlClient, controlClient, LabError, readLabFacts } from "../../lab/control-client.ts";
import { type LabFacts, type RunningLab, startLab } from "../../lab/lab.ts";
import { faults } from "../../lab/world.ts";
import { loadConfiguration } from "../homelab/configuration.ts";
import { stateDirectory } from "../homelab/state-directory.ts";
import { messageOf, Problem } from "../model/problem.ts";
import type { Io } from "./io.ts";
import type { LabFlags, UpFlags } from "./lab.ts";
import { labStatusText, labUpText, listText } from "./lab-text.ts";

export async function up(io: Io, flags: UpFlags): Promise<void> {
  const directory = labDirectory(io, flags);
  if (flags.fresh) rmSync(join(directory, "world.json"), { force: true });
  const show = (facts: LabFacts) => io.out(flags.json ? JSON.stringify(facts, null, 2) : labUpText(facts));
  if (flags.detach) {
    show(await startDetached(directory));
    return;
  }
  const lab = await start(io, flags, directory);
  show(lab.facts);
  await new Promise<void>((done) => {
    if (io.interrupted.aborted) done();
    io.interrupted.addEventListener("abort", () => done(), { once: true });
  });
  await lab.close();
}

async function start(io: Io, flags: UpFlags, directory: string): Promise<RunningLab> {
  const authorizedKeys = (flags.authorize ?? []).map((file) => readKey(resolve(io.cwd, file)));
  try {
    return await startLab({
      directory,
      port: flags.port,
      sshPort: flags.sshPort,
      nodes: flags.nodes,
      guests: flags.guests,
      authorizedKeys,
      ownAddresses: flags.ownAddresses ?? false,
      log: io.log,
    });
  } catch (cause) {
    throw new Problem({
      kind: "undetermined",
      code: cause instanceof LabError ? `lab-${cause.code}` : "lab-not-started",
      message: `the lab did not start: ${messageOf(cause)}`,
      hint: "pve-home lab status shows one that runs; --port 0 takes a free port",
      cause,
    });
  }
}

function readKey(file: string): string {
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (/^(ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/=]+/.test(text)) return text;
  throw new Problem({
    kind: "usage",
    code: "key-invalid",
    message: `${file} is not a public key`,
    hint: "for example: --authorize ~/.ssh/id_ed25519.pub",
  });
}

/** The same command without `--detach`, on its own; its output goes to lab.log in the lab's folder. */
async function startDetached(directory: string): Promise<LabFacts> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const logFile = join(directory, "lab.log");
  const log = openSync(logFile, "w", 0o600);
  const args = process.argv.slice(1).filter((argument) => argument !== "--detach" && argument !== "--json");
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  for (let waited = 0; waited < 30_000 && !exited; waited += 50) {
    await sleep(50);
    const facts = await readLabFacts(directory).catch(() => undefined);
    if (facts?.pid !== child.pid || facts === undefined) continue;
    child.unref();
    return facts;
  }
  child.kill();
  throw new Problem({
    kind: "undetermined",
    code: "lab-not-started",
    message: `the lab did not start: ${readFileSync(logFile, "utf8").trim() || "it said nothing for 30 s"}`,
    place: logFile,
  });
}

export async function status(io: Io, flags: LabFlags): Promise<void> {
  const { facts, control } = await running(io, flags);
  const seen = await control.status();
  io.out(flags.json ? JSON.stringify({ ...facts, ...seen }, null, 2) : labStatusText(facts, seen));
}

export async function listFaults(io: Io): Promise<void> {
  io.out(listText(Object.entries(faults).map(([name, { target, summary }]) => [name, target, summary])));
}

export async function breakIt(io: Io, flags: LabFlags, fault: string, target?: string): Promise<void> {
  const { control } = await running(io, flags);
  await refusable(() => control.break(fault, target), "pve-home lab break lists the faults");
  io.out(`${fault}${target === undefined ? "" : ` on ${target}`}: on. pve-home lab mend switches it off.`);
}

export async function mend(io: Io, flags: LabFlags, fault?: string, target?: string): Promise<void> {
  const { control } = await running(io, flags);
  const mended = await refusable(() => control.mend(fault, target), "pve-home lab break lists the faults");
  const names = mended.map((one) => (one.target === undefined ? one.name : `${one.name} on ${one.target}`));
  io.out(names.length === 0 ? "no such fault was on" : `off: ${names.join(", ")}`);
}

const guestActions = {
  start: (control, guest) => control.start(guest),
  stop: (control, guest) => control.stop(guest),
  delete: (control, guest) => control.delete(guest),
  recreate: (control, guest) => control.recreate(guest),
  create: (control, name) => control.create({ name }),
} satisfies Record<string, (control: ControlClient, guest: string) => Promise<unknown>>;

export async function changeGuest(
  io: Io,
  flags: LabFlags,
  action: string,
  guest: string,
  settings: readonly string[],
): Promise<void> {
  const hint =
    "start, stop, delete, recreate, create or set; for example: pve-home lab guest set db memory=1024";
  const change = Object.entries(guestActions).find(([name]) => name === action)?.[1];
  const pairs = settings.map((setting) => /^([^=]+)=(.*)$/s.exec(setting));
  if (
    (change === undefined && action !== "set") ||
    pairs.includes(null) ||
    (action === "set") !== pairs.length > 0
  ) {
    throw new Problem({
      kind: "usage",
      code: "guest-action-invalid",
      message: `"${[action, guest, ...settings].join(" ")}" is not a change of a guest`,
      hint,
    });
  }
  const { control } = await running(io, flags);
  await refusable<unknown>(
    () =>
      change === undefined
        ? control.config(guest, Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""])))
        : change(control, guest),
    hint,
  );
  io.out(`${guest}: ${action === "set" ? settings.join(" ") : action}`);
}

export async function down(io: Io, flags: LabFlags): Promise<void> {
  const { facts } = await running(io, flags);
  process.kill(facts.pid, "SIGTERM");
  for (let waited = 0; waited < 10_000; waited += 50) {
    await sleep(50);
    if (!(await readLabFacts(facts.directory).catch(() => undefined))) {
      io.out("the lab is down");
      return;
    }
  }
  throw new Problem({
    kind: "undetermined",
    code: "lab-still-running",
    message: `the lab did not stop within 10 s`,
    hint: `kill ${facts.pid}`,
  });
}

/** The running lab of the folder, or a Problem that says how to start it. */
async function running(io: Io, flags: LabFlags): Promise<{ facts: LabFacts; control: ControlClient }> {
  const facts = await readLabFacts(labDirectory(io, flags)).catch((cause: unknown) => {
    throw new Problem({
      kind: "undetermined",
      code: "lab-not-running",
      message: messageOf(cause),
      hint: "pve-home lab up --detach",
      cause,
    });
  });
  return { facts, control: controlClient(facts) };
}

async function refusable<T>(work: () => Promise<T>, hint: string): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Problem({ kind: "usage", code: "lab-refused", message: messageOf(cause), hint, cause });
  }
}

function labDirectory(io: Io, flags: LabFlags): string {
  if (flags.dir !== undefined) return resolve(io.cwd, flags.dir);
  return join(stateDirectory(loadConfiguration(io.cwd), io.env), "lab");
}
