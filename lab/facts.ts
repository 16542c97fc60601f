import { rm } from "node:fs/promises";
import { join } from "node:path";
import { controlCall } from "./control-call.ts";
import { textOf, writeFileAtomically } from "./files.ts";
import { LabError } from "./lab-error.ts";

/** How to reach a running lab; `<directory>/lab.json` while it runs. Holds secrets. */
export interface LabFacts {
  /** The API of the first node, for example `https://127.0.0.1:8006/`. */
  endpoint: string;
  /** The APIs of all nodes; each answers for the whole cluster. */
  apis: { node: string; endpoint: string }[];
  /** Where the APIs listen, each at the same port of all of them; the certificate is for all of them. */
  addresses: string[];
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
  /** How guests run that are machines; undefined where they are none. */
  machines?: "kvm" | "tcg";
  directory: string;
  pid: number;
}

function factsFile(directory: string): string {
  return join(directory, "lab.json");
}

/**
 * The facts of the lab that runs in a folder: it is asked, for what a lab left behind may name another's process.
 * @throws LabError `not-running`; `not-answering` where it runs and is stuck
 */
export async function readLabFacts(directory: string): Promise<LabFacts> {
  const facts = parse(await textOf(factsFile(directory)));
  if (!facts) throw new LabError("not-running", `no lab runs in ${directory}`);
  const named = `process ${facts.pid}, which its lab.json names,`;
  const seen = await controlCall<{ pid?: unknown }>(facts.control, "GET", "/status").catch((cause) => {
    if (cause instanceof LabError && cause.code === "not-answering") {
      const lab = `the lab in ${directory} (process ${facts.pid})`;
      throw new LabError("not-answering", `${lab} does not answer; it hangs or was stopped`, cause);
    }
    throw new LabError("not-running", `no lab runs in ${directory}: ${named} does not answer as one`, cause);
  });
  if (seen.pid !== facts.pid) {
    throw new LabError("not-running", `no lab runs in ${directory}: ${named} is not what answers`);
  }
  return facts;
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
    const facts = JSON.parse(text) as Partial<LabFacts> | null;
    const usable = Number.isInteger(facts?.pid) && typeof facts?.control?.url === "string";
    return usable ? (facts as LabFacts) : undefined;
  } catch {
    return undefined;
  }
}
