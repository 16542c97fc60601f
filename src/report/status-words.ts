import { styleText } from "node:util";
import type { DriftStatus, Verdict } from "../model/drift.ts";
import type { Status } from "../model/status.ts";
import { styleMark } from "./terminal-text.ts";

export type Style = Parameters<typeof styleText>[0];

/** Words that are understood without colour. */
export const statusWords = {
  ok: "OK",
  warn: "WARN",
  fail: "FAIL",
  unknown: "UNKNOWN",
  pending: "PENDING",
  skipped: "SKIPPED",
} as const satisfies Record<Status, string>;

export const driftWords = {
  ok: "OK",
  drift: "DRIFT",
  unknown: "UNKNOWN",
} as const satisfies Record<DriftStatus, string>;

export const statusStyles = {
  ok: "green",
  warn: "yellow",
  fail: ["bold", "red"],
  unknown: "magenta",
  pending: "cyan",
  skipped: "dim",
  drift: ["bold", "yellow"],
} as const satisfies Record<Status | DriftStatus, Style>;

export const verdictWords = {
  outside: "OUTSIDE",
  deleted: "DELETED",
  pending: "PENDING",
  unmanaged: "UNMANAGED",
  noise: "NOISE",
} as const satisfies Record<Verdict, string>;

export const verdictStyles = {
  outside: ["bold", "yellow"],
  deleted: ["bold", "red"],
  pending: "cyan",
  unmanaged: "magenta",
  noise: "dim",
} as const satisfies Record<Verdict, Style>;

/** What the verdict means, and for changes which side of the arrow is which. */
export const verdictMeanings = {
  outside: "changed by hand",
  deleted: "gone from Proxmox",
  pending: "not applied yet",
  unmanaged: "in no state",
  noise: "known to be harmless",
} as const satisfies Record<Verdict, string>;

/** Names of the two sides of a change. */
export const verdictSides = {
  outside: ["code", "Proxmox"],
  deleted: ["code", "Proxmox"],
  pending: ["Proxmox", "code"],
  unmanaged: ["code", "Proxmox"],
  noise: ["code", "Proxmox"],
} as const satisfies Record<Verdict, readonly [string, string]>;

/** Marks the text for colour where it was asked for; `terminalText` makes colour of it. */
export function paint(text: string, style: Style | undefined, colour: boolean): string {
  if (!colour || style === undefined || text === "") return text;
  return styleText(style, text, { validateStream: false }).replaceAll("\u001b[", styleMark);
}
