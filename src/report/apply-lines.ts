import { duration } from "../model/duration.ts";
import type { ApplyOutcome } from "../model/plan.ts";
import { friendlySubject } from "./drift-subject.ts";

const words = {
  create: { started: "creating", running: "still creating", done: "created", failed: "could not create" },
  update: { started: "changing", running: "still changing", done: "changed", failed: "could not change" },
  delete: {
    started: "destroying",
    running: "still destroying",
    done: "destroyed",
    failed: "could not destroy",
  },
} as const;

export interface ApplyStep {
  step: "started" | "running" | "done" | "failed";
  action: keyof typeof words;
  address: string;
  seconds: number;
}

/** One line of progress: `created vm web in 12.0 s`. */
export function applyStepLine({ step, action, address, seconds }: ApplyStep): string {
  const what = `${words[action][step]} ${friendlySubject(address)}`;
  if (step === "started") return what;
  return `${what} ${step === "running" ? "after" : "in"} ${duration(seconds * 1000)}`;
}

/** The closing line, and the next command where there is one. */
export function renderApplied(outcome: ApplyOutcome, next: string | undefined): string {
  const { environment, created, changed, destroyed, durationMs } = outcome;
  const counts = `${created.length} created, ${changed.length} changed, ${destroyed.length} destroyed`;
  const line = `${environment}: ${counts} in ${duration(durationMs)}`;
  return `${[line, ...(next === undefined ? [] : [`  next: ${next}`])].join("\n")}\n`;
}
