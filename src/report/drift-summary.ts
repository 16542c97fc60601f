import {
  type DriftFinding,
  type DriftReport,
  type DriftStatus,
  driftOf,
  type UnmanagedReport,
  type Verdict,
  verdicts,
} from "../model/drift.ts";
import { count } from "./plural.ts";

/** `2 outside, 1 deleted`, in the order of the verdicts, without what is known to be harmless. */
export function verdictCounts(findings: readonly DriftFinding[]): string {
  const parts = verdicts.flatMap((verdict) => {
    const number = withVerdict(findings, verdict).length;
    return number === 0 || verdict === "noise" ? [] : [`${number} ${verdict}`];
  });
  return parts.join(", ");
}

/** One line on an environment: why it could not be checked, or what was found. */
export function driftDetail(report: DriftReport): string {
  const found = verdictCounts(report.findings);
  if (report.status !== "unknown") return found === "" ? "as declared" : found;
  const why = report.problem?.message ?? "could not be checked";
  return found === "" ? why : `${why}; ${found}`;
}

/** One line on the guests that no state knows. */
export function unmanagedDetail(report: UnmanagedReport): string {
  if (report.status === "unknown") return report.problem?.message ?? "could not be checked";
  const number = report.findings.length;
  return number === 0 ? "every guest is in a state" : `${count(number, "guest")} in no state`;
}

/** Drifted resources; undefined where the check failed: it is not known. */
export function changedCount(report: DriftReport): number | undefined {
  return report.status === "unknown" ? undefined : driftOf(report.findings).length;
}

/** Findings of one verdict. */
export function withVerdict(findings: readonly DriftFinding[], verdict: Verdict): DriftFinding[] {
  return findings.filter((finding) => finding.verdict === verdict);
}

/** `3 environments: 1 as declared, 1 drifted, 1 unknown`. */
export function environmentsLine(reports: readonly DriftReport[]): string {
  if (reports.length === 0) return "0 environments: nothing was checked";
  const words: [DriftStatus, string][] = [
    ["ok", "as declared"],
    ["drift", "drifted"],
    ["unknown", "unknown"],
  ];
  const parts = words.flatMap(([status, word]) => {
    const number = reports.filter((report) => report.status === status).length;
    return number === 0 ? [] : [`${number} ${word}`];
  });
  return `${count(reports.length, "environment")}: ${parts.join(", ")}`;
}
