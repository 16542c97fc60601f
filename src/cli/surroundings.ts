import { isAbsolute } from "node:path";
import { Problem } from "../model/problem.ts";

/**
 * Refuses what no file could be kept below: a TMPDIR that means another folder for each program we start, and a path
 * with a control character, which ends up in ssh's configuration.
 */
export function checkSurroundings(env: Record<string, string | undefined>): void {
  for (const name of ["HOME", "TMPDIR"]) {
    const path = env[name];
    if (path && /\p{Cc}/u.test(path)) throw refused(name, path, "has a control character in it");
  }
  const { TMPDIR } = env;
  if (TMPDIR && !isAbsolute(TMPDIR)) throw refused("TMPDIR", TMPDIR, "is not an absolute path");
}

function refused(name: string, path: string, why: string): Problem {
  return new Problem({
    kind: "configuration",
    code: "surroundings-unusable",
    message: `the variable ${name} ${why}: ${JSON.stringify(path)}`,
    hint: `for example: ${name}=${name === "HOME" ? "/home/me" : "/tmp"}`,
  });
}
