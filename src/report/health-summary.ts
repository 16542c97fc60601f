import { byComponent, type ComponentHealth, type Finding, type HealthReport } from "../model/health.ts";
import { type Status, statuses } from "../model/status.ts";
import { count } from "./plural.ts";
import { shorten } from "./terminal-text.ts";

const longestDetail = 300;

/** The checks worth a line for this component: those that are not well, worst first; else how many were well. */
export function componentDetail(component: ComponentHealth): string {
  const [only] = component.findings;
  if (component.findings.length === 1 && only !== undefined) return findingDetail(only);
  const troubles = statuses
    .filter((status) => status !== "ok" && status !== "skipped")
    .flatMap((status) => component.findings.filter((finding) => finding.status === status));
  return troubles.length > 0 ? sameDetailOnce(troubles).join("; ") : quietDetail(component.findings);
}

/** `ssh: connection refused`, without saying the check's name twice. */
export function findingDetail(finding: Finding): string {
  return labelled(finding.check, finding.detail);
}

function labelled(label: string, detail: string): string {
  const text = shorten(detail, longestDetail);
  if (text === "") return label;
  return text.toLowerCase().startsWith(`${label.toLowerCase()}:`) ? text : `${label}: ${text}`;
}

/** Checks that stumble over the same thing share one text: `ping, ssh: no address`. */
function sameDetailOnce(findings: readonly Finding[]): string[] {
  const checks = Map.groupBy(findings, (finding) => finding.detail);
  return [...checks].map(([detail, group]) =>
    labelled(group.map((finding) => finding.check).join(", "), detail),
  );
}

function quietDetail(findings: readonly Finding[]): string {
  const skipped = findings.filter((finding) => finding.status === "skipped");
  const ok = findings.length - skipped.length;
  if (ok === 0) return sameDetailOnce(skipped).join("; ");
  const names = skipped.map((finding) => finding.check).join(", ");
  return `${count(ok, "check")} ok${skipped.length === 0 ? "" : `, ${names} skipped`}`;
}

export interface HintOf {
  hint: string;
  /** Components it is for, in the order of the findings. */
  components: string[];
}

/** Every hint once, with the components it is for. */
export function healthHints(findings: readonly Finding[]): HintOf[] {
  const hints = new Map<string, Set<string>>();
  for (const { hint, component } of findings) {
    if (hint !== undefined) hints.set(hint, (hints.get(hint) ?? new Set()).add(component));
  }
  return [...hints].map(([hint, components]) => ({ hint, components: [...components] }));
}

const summaryOrder = ["ok", "warn", "fail", "unknown", "pending", "skipped"] as const satisfies Status[];

/** How many components there are in each status. */
export function statusCounts(components: readonly ComponentHealth[]): Record<Status, number> {
  const counts = { ok: 0, warn: 0, fail: 0, unknown: 0, pending: 0, skipped: 0 };
  for (const { status } of components) counts[status] += 1;
  return counts;
}

/** `12 components: 9 ok, 1 fail, 2 unknown`; statuses without a component are left out. */
export function countsLine(components: readonly ComponentHealth[]): string {
  if (components.length === 0) return "0 components: nothing was checked";
  const counts = statusCounts(components);
  const parts = summaryOrder
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  return `${count(components.length, "component")}: ${parts.join(", ")}`;
}

/** The components of all environments, each environment's apart. */
export function allComponents(reports: readonly HealthReport[]): ComponentHealth[] {
  return reports.flatMap((report) => byComponent(report.findings));
}
