import { reasonOf } from "../connect/system-error.ts";
import { isProblem, Problem } from "../model/problem.ts";

/**
 * What was thrown, as its user is to read it: after an interrupt everything is its consequence; what the system
 * refused (a folder that cannot be written, a full disk) is no bug of ours. Anything else stays what it is.
 */
export function problemOf(error: unknown, interrupted: boolean): unknown {
  if (interrupted && !(isProblem(error) && error.kind === "declined")) return interruption();
  if (isProblem(error) || !isSystemError(error)) return error;
  return new Problem({
    kind: "undetermined",
    code: "system-refused",
    message: `${error.path === undefined ? "" : `${error.path}: `}${reasonOf(error)}`,
    hint: "check that HOME, the state directory and TMPDIR can be written",
    cause: error,
  });
}

export function interruption(): Problem {
  return new Problem({ kind: "declined", code: "interrupted", message: "interrupted; nothing was recorded" });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}
