import type { DriftStatus, Verdict } from "../model/drift.ts";
import type { Status } from "../model/status.ts";
import { type Html, html } from "./html-tag.ts";
import { driftWords, statusWords, verdictWords } from "./status-words.ts";

const statusClasses = {
  ok: "good",
  warn: "drift",
  fail: "bad",
  unknown: "unknown",
  pending: "wait",
  skipped: "quiet",
} as const satisfies Record<Status, string>;

const driftClasses = { ok: "good", drift: "drift", unknown: "unknown" } as const satisfies Record<
  DriftStatus,
  string
>;

const verdictClasses = {
  outside: "drift",
  deleted: "bad",
  pending: "wait",
  unmanaged: "unknown",
  noise: "quiet",
} as const satisfies Record<Verdict, string>;

/** A status as a word on its colour. */
export function statusBadge(status: Status): Html {
  return html`<span class="word ${statusClasses[status]}">${statusWords[status]}</span>`;
}

export function driftBadge(status: DriftStatus): Html {
  return html`<span class="word ${driftClasses[status]}">${driftWords[status]}</span>`;
}

export function verdictBadge(verdict: Verdict): Html {
  return html`<span class="word ${verdictClasses[verdict]}">${verdictWords[verdict]}</span>`;
}

/** Marks what comes from bundled data. */
export function sampleBadge(sample: true | undefined): Html | undefined {
  return sample ? html`<span class="word quiet">sample</span>` : undefined;
}

/** The command to type; nothing where there is none. */
export function hintLine(hint: string | undefined): Html | undefined {
  return hint === undefined ? undefined : html`<p class="hint"><code>${hint}</code></p>`;
}

/** `2026-11-20 06:00 UTC` */
export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
