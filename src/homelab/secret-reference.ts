import { runChild } from "../connect/process.ts";
import { readTextFile } from "../connect/read-file.ts";
import { reasonOf } from "../connect/system-error.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import { pathFrom } from "./home-path.ts";

export interface ReferenceContext {
  /** Where the reference stands, for messages. */
  place: string;
  /** What relative paths start from; `~/` is the home. */
  folder: string;
  environment: Record<string, string | undefined>;
}

/**
 * The value behind `env:NAME`, `file:PATH` or `cmd:COMMAND` (run by `sh -c`, at most 10 s), one trailing newline
 * taken away. A reference that leads nowhere is a Problem of kind `configuration`, naming the reference and `place`.
 */
export async function resolveSecret(reference: string, context: ReferenceContext): Promise<Secret> {
  const { place } = context;
  const value = await look(reference, context);
  const trimmed = value?.replace(/\r?\n$/, "");
  if (trimmed === undefined || trimmed === "") {
    throw unresolved(reference, place, "it is empty or not set");
  }
  return new Secret(trimmed);
}

/** Of what a command prints, in bytes. */
const longestSecret = 64 * 1024;

async function look(
  reference: string,
  { place, folder, environment }: ReferenceContext,
): Promise<string | undefined> {
  const [scheme, rest] = [
    reference.slice(0, reference.indexOf(":")),
    reference.slice(reference.indexOf(":") + 1),
  ];
  try {
    if (scheme === "env") return environment[rest];
    if (scheme === "file") return readTextFile(pathFrom(folder, rest));
    if (scheme === "cmd") {
      const { exitCode, stdout, truncated } = await runChild({
        program: "/bin/sh",
        args: ["-c", rest],
        env: Object.fromEntries(
          Object.entries(environment).filter((entry) => entry[1] !== undefined),
        ) as Record<string, string>,
        timeoutMs: 10_000,
        maxOutputBytes: longestSecret,
        endAtLimit: true,
      });
      if (truncated) throw unresolved(reference, place, `it printed more than ${longestSecret / 1024} KiB`);
      // What a command printed may be the secret itself, so only its exit is reported.
      if (exitCode !== 0) throw unresolved(reference, place, `it exited ${exitCode ?? "on a signal"}`);
      return stdout;
    }
  } catch (cause) {
    if (isProblem(cause)) throw cause;
    throw unresolved(reference, place, reasonOf(cause), cause);
  }
  throw unresolved(reference, place, "expected env:NAME, file:PATH or cmd:COMMAND");
}

function unresolved(reference: string, place: string, reason: string, cause?: unknown): Problem {
  return new Problem({
    kind: "configuration",
    code: "secret-unresolved",
    message: `the secret ${reference} cannot be read: ${reason}`,
    place,
    hint: "for example: env:PROXMOX_VE_API_TOKEN, file:/etc/pve-home/token or cmd:pass show pve/token",
    cause,
  });
}
