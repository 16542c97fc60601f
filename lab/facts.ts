import { readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "./files.ts";

/** How to reach a running lab; `<directory>/lab.json` while it runs. Holds secrets. */
export interface LabFacts {
  /** For example `https://127.0.0.1:8006/`. */
  endpoint: string;
  /** sha256 of the certificate, `AB:CD:…`. */
  fingerprint: string;
  caFile: string;
  /** `user@realm!name=secret` each. */
  tokens: { terraform: string; monitor: string; exporter: string };
  root: { username: string; password: string };
  control: { url: string; token: string };
  ssh: {
    guestPort: number;
    nodes: { name: string; address: string; port: number; hostKey: string }[];
    ownAddresses: boolean;
  };
  directory: string;
  pid: number;
}

/** A lab folder that cannot be used; `code` says why. */
export class LabError extends Error {
  readonly code: "already-running" | "not-running";

  constructor(code: LabError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

function factsFile(directory: string): string {
  return join(directory, "lab.json");
}

/** The facts of the lab that runs in a folder. @throws LabError `not-running` */
export async function readLabFacts(directory: string): Promise<LabFacts> {
  const facts = parse(await readFile(factsFile(directory), "utf8").catch(() => undefined));
  if (!facts || !isAlive(facts.pid)) throw new LabError("not-running", `no lab runs in ${directory}`);
  return facts;
}

/** @throws LabError `already-running`, naming the process, where another lab uses the folder. */
export async function refuseSecondLab(directory: string): Promise<void> {
  const facts = parse(await readFile(factsFile(directory), "utf8").catch(() => undefined));
  if (facts && isAlive(facts.pid)) {
    throw new LabError("already-running", `a lab runs in ${directory} already (process ${facts.pid})`);
  }
}

export async function writeLabFacts(facts: LabFacts): Promise<void> {
  await writeFileAtomically(factsFile(facts.directory), `${JSON.stringify(facts, null, 2)}\n`, 0o600);
}

export async function removeLabFacts(directory: string): Promise<void> {
  await rm(factsFile(directory), { force: true });
}

function parse(text: string | undefined): LabFacts | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as LabFacts;
  } catch {
    return undefined;
  }
}

// A number may have been given to another program since; on Linux its command line tells.
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  if (pid === process.pid) return true;
  try {
    return /node|pve-home/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return true;
  }
}
