import { redact } from "./redact.ts";

/**
 * Who has to act, and thereby the exit code: `usage` and `configuration` 2, `undetermined` 3, `declined` 4,
 * `bug` 70.
 */
export type ProblemKind = "usage" | "configuration" | "undetermined" | "declined" | "bug";

export interface ProblemFacts {
  kind: ProblemKind;
  /** Stable, kebab-case; what tests and scripts compare: `ssh-host-key-changed`. */
  code: string;
  /** What is wrong, with the offending value and the subject in it; one sentence without a full stop. */
  message: string;
  /** Where: `pve-home.yaml:12`, a URL, an address. */
  place?: string;
  /** The next command to type, or a legal example. */
  hint?: string;
  cause?: unknown;
}

/** The one error of this program that is meant to be read by its user; anything else that is thrown is a bug. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly code: string;
  readonly place: string | undefined;
  readonly hint: string | undefined;

  constructor(facts: ProblemFacts) {
    super(told(facts.message), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "Problem";
    this.kind = facts.kind;
    this.code = facts.code;
    this.place = facts.place === undefined ? undefined : told(facts.place);
    this.hint = facts.hint === undefined ? undefined : told(facts.hint);
  }
}

export function isProblem(error: unknown, code?: string): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}

/** The text of anything that was thrown, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return told(text)
    .replace(/\s*\n\s*/g, "; ")
    .trim();
}

const longestText = 2000;
/** Of the end, which says how often it was tried. */
const keptEnd = 200;

/** The text of an error as it may be passed on: a server may answer with megabytes, and with our own token. */
function told(text: string): string {
  const safe = redact(text);
  if (safe.length <= longestText) return safe;
  const left = safe.length - longestText;
  return `${safe.slice(0, longestText - keptEnd)} … [${left} characters left out] … ${safe.slice(-keptEnd)}`;
}
