import { createHash } from "node:crypto";
import type { Check, QuestionCheck } from "./check.ts";

/** All questions of all checks, as one script that reads and changes nothing. */
export interface Probe {
  /** The same for the same questions, on every machine. */
  script: string;
  /** Tells this script from one with other questions or another way of asking them. */
  hash: string;
  /** `docker-1a2b3c4d`, in the order in which they are asked. */
  marks: readonly string[];
}

/** Of each question, where the guest has a `timeout`; without one the limit of the run alone holds. */
export const limitSeconds = 3;
/** Of each answer, its exit code included: what a question prints past it is not sent. */
export const maxAnswerBytes = 16 * 1024;

/** How the lines of a probe begin that are its own. */
export const own = "@pve-home";

// Each line of an answer begins with a blank, so that no output can pass for a line of the probe. `timeout` of busybox
// before 1.30 wants its limit behind `-t`: it counts as missing.
const preamble = `LC_ALL=C
export LC_ALL
limit=
timeout ${limitSeconds} true </dev/null >/dev/null 2>&1 && limit='timeout ${limitSeconds}'
`;

/** What makes a question; the check behind it judges the answer. */
export type Question = Pick<QuestionCheck, "name" | "question">;

/** The probe for these checks. To be made of all that are registered, or its hash is another one. */
export function probeOf(checks: readonly Check[]): Probe {
  const questions = new Map(
    checks.filter((check) => check.asks === "guest").map((check) => [markOf(check), check.question]),
  );
  const asked = [...questions].map(([mark, question]) => step(mark, question)).join("");
  const hash = hashOf(preamble + asked);
  const title = `# Probe ${hash}: asks, and changes nothing. Made by: pve-home health --print-probe\n`;
  const script = `${title}${preamble}printf '\\n${own} probe ${hash}\\n'\n${asked}printf '${own} end\\n'\n`;
  return { script, hash, marks: [...questions.keys()] };
}

/** What a question is called in the probe. With another text it is another question. */
export function markOf({ name, question }: Question): string {
  return `${name}-${hashOf(question).slice(0, 8)}`;
}

// The exit code is the last line of the answer; where the answer is cut, there is none.
function step(mark: string, question: string): string {
  const shell = `$limit sh -c '${question.replaceAll("'", "'\\''")}' </dev/null 2>&1`;
  const answer = `{ ${shell}; printf '\\n%s\\n' "$?"; } | head -c ${maxAnswerBytes} | sed 's/^/ /'`;
  return `${answer}\nprintf '\\n${own} ${mark}\\n'\n`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
