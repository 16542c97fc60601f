import { Problem } from "../model/problem.ts";
import type { Io } from "./io.ts";

/**
 * `preview`: whether the command has a --dry-run. Returns once the user has agreed, on the terminal or with `--yes`. Problems of kind `declined`: `not-confirmed`
 * where there is no terminal to ask on, `declined` where the answer was no, `interrupted`.
 */
export async function confirm(
  io: Pick<Io, "interactive" | "confirm" | "interrupted">,
  question: string,
  { yes = false, preview = true }: { yes?: boolean | undefined; preview?: boolean },
): Promise<void> {
  if (yes) return;
  if (!io.interactive) {
    const hint = preview ? "look at it with --dry-run, then add --yes" : "add --yes";
    throw declined(
      "not-confirmed",
      `this needs a yes, and there is no terminal to ask on: ${question}`,
      hint,
    );
  }
  const agreed = await io.confirm(question);
  if (io.interrupted.aborted) throw declined("interrupted", "interrupted; nothing was changed");
  if (!agreed) throw declined("declined", "declined; nothing was changed");
}

function declined(code: string, message: string, hint?: string): Problem {
  return new Problem({ kind: "declined", code, message, ...(hint === undefined ? {} : { hint }) });
}
