import { Problem } from "../model/problem.ts";
import type { Io } from "./io.ts";

/**
 * Returns once the user has agreed, on the terminal or with `--yes`. Problems of kind `declined`: `not-confirmed`
 * where there is no terminal to ask on, `declined` where the answer was no, `interrupted`.
 */
export async function confirm(
  io: Pick<Io, "interactive" | "confirm" | "interrupted">,
  question: string,
  { yes = false }: { yes?: boolean | undefined },
): Promise<void> {
  if (yes) return;
  if (!io.interactive) {
    throw declined("not-confirmed", `this needs a yes, and there is no terminal to ask on: ${question}`);
  }
  const agreed = await io.confirm(question);
  if (io.interrupted.aborted) throw declined("interrupted", "interrupted; nothing was changed");
  if (!agreed) throw declined("declined", "declined; nothing was changed");
}

function declined(code: string, message: string): Problem {
  return new Problem({
    kind: "declined",
    code,
    message,
    ...(code === "not-confirmed" ? { hint: "look at it with --dry-run, then add --yes" } : {}),
  });
}
