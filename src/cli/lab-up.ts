import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLabFacts } from "../../lab/control-client.ts";
import { unusable } from "../../lab/folder.ts";
import type { LabFacts, RunningLab } from "../../lab/lab.ts";
import { LabError } from "../../lab/lab-error.ts";
import { checkListenAddress } from "../../lab/listen-address.ts";
import { checkNodeNames } from "../../lab/node-names.ts";
import { readTextFile } from "../connect/read-file.ts";
import { reasonOf } from "../connect/system-error.ts";
import { jsonText } from "../model/json.ts";
import { messageOf, Problem } from "../model/problem.ts";
import { exitCodes } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { UpFlags } from "./lab.ts";
import { asProblem, labDirectory, problemOf } from "./lab-problem.ts";
import { labUpText } from "./lab-text.ts";

export async function up(io: Io, flags: UpFlags): Promise<void> {
  const directory = labDirectory(io, flags);
  const show = (facts: LabFacts) => io.out(flags.json ? jsonText(facts, 2) : labUpText(facts));
  // What is wrong in the flags is said before anything is written.
  const authorizedKeys = (flags.authorize ?? []).map((file) => readKey(resolve(io.cwd, file)));
  await asProblem(async () => checkNodeNames(flags.nodes), "for example: --nodes pve1,pve2");
  await asProblem(() => checkListenAddress(flags.listen), "for example: --listen 192.168.1.30");
  if (flags.detach) {
    const args = process.argv.slice(1).filter((word) => word !== "--detach" && word !== "--json");
    const facts = await startDetached(io, directory, args);
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
  const machines = flags.machines === undefined ? {} : { machines: resolve(io.cwd, flags.machines) };
  // Its SSH servers and certificates take their time to load; only this needs them.
  const { startLab } = await import("../../lab/lab.ts");
  try {
    return await startLab({
      ...{ directory, port, sshPort, nodes, guests, authorizedKeys, ownAddresses, fresh, ...machines },
      ...(flags.listen === undefined ? {} : { listen: flags.listen }),
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
 * `lab up` of its own, `args` with our script in front; its output goes to lab.log in the lab's folder once it is up. What
 * it says when it is not is passed on with its exit code, and nothing is returned.
 */
export async function startDetached(
  io: Io,
  directory: string,
  args: readonly string[],
): Promise<LabFacts | undefined> {
  // Under another name at first: lab.log may be that of a lab that runs.
  const starting = join(directory, `lab.log.${process.pid}.tmp`);
  const log = openLog(directory, starting);
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
