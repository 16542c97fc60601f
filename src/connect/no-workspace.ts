import { tmpdir } from "node:os";
import { Problem } from "../model/problem.ts";
import { reasonOf } from "./system-error.ts";

/** `ssh-workspace` or `terraform-workspace`: `what` needs a folder below TMPDIR, and there can be none. */
export function noWorkspace(program: "ssh" | "terraform", what: string, cause: unknown): Problem {
  return new Problem({
    kind: "undetermined",
    code: `${program}-workspace`,
    message: `${what}, because nothing can be written below ${tmpdir()}: ${reasonOf(cause)}`,
    place: tmpdir(),
    hint: "set TMPDIR to a folder that exists, has room and may be written to",
    cause,
  });
}
