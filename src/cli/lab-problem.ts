import { join, resolve } from "node:path";
import { LabError, type LabErrorCode } from "../../lab/lab-error.ts";
import { loadConfiguration } from "../homelab/configuration.ts";
import { stateDirectory } from "../homelab/state-directory.ts";
import { Problem } from "../model/problem.ts";
import type { Io } from "./io.ts";
import type { LabFlags } from "./lab.ts";

/** `hint` is for what the lab refuses. */
export async function asProblem<T>(work: () => Promise<T>, hint?: string): Promise<T> {
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

export function problemOf(cause: LabError, hint: string | undefined = hints[cause.code]): Problem {
  const usage = /^(refused|option-invalid|folder-unusable)$/.test(cause.code);
  const problem = { code: `lab-${cause.code}`, message: cause.message, cause } as const;
  return new Problem({ kind: usage ? "usage" : "undetermined", ...problem, ...(hint && { hint }) });
}

export function labDirectory(io: Io, flags: LabFlags): string {
  if (flags.dir !== undefined) return resolve(io.cwd, flags.dir);
  return join(stateDirectory(loadConfiguration(io.cwd), io.env), "lab");
}
