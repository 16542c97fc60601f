import { type DriftReport, driftOf, type UnmanagedReport } from "../model/drift.ts";
import type { ComponentHealth, HealthReport } from "../model/health.ts";
import type { Status } from "../model/status.ts";
import { verdictCounts } from "./drift-summary.ts";
import { allComponents, findingDetail } from "./health-summary.ts";
import { count, enumerate } from "./plural.ts";
import { plain, shorten } from "./terminal-text.ts";

export interface Results {
  health?: readonly HealthReport[];
  drift?: readonly DriftReport[];
  unmanaged?: UnmanagedReport;
}

/** `bad`: something is down. `drift`: something is not as declared. `unknown`: something could not be checked. */
export type Tone = "good" | "bad" | "drift" | "unknown";

export interface OverallVerdict {
  tone: Tone;
  /** What matters most, in one sentence with a full stop. */
  headline: string;
  /** The rest, a sentence each, most pressing first. */
  also: string[];
}

/** What a person has to know first about these results. */
export function overallVerdict(results: Results): OverallVerdict {
  const components = allComponents(results.health ?? []);
  const sentences: { tone: Tone; text: string | undefined }[] = [
    { tone: "bad", text: failing(components) },
    { tone: "drift", text: drifted(results.drift ?? []) },
    { tone: "drift", text: unmanagedGuests(results.unmanaged) },
    { tone: "unknown", text: unchecked(components, results) },
    { tone: "good", text: passing(components, "warn", "with a warning") },
    { tone: "good", text: passing(components, "pending", "pending") },
  ];
  const said = sentences.flatMap(({ tone, text }) => (text === undefined ? [] : [{ tone, text }]));
  const [first] = said;
  if (first !== undefined && first.tone !== "good") {
    return { tone: first.tone, headline: first.text, also: said.slice(1).map(({ text }) => text) };
  }
  const well = wellSentence(components, results);
  return { tone: well.tone, headline: well.text, also: said.map(({ text }) => text) };
}

/** Said only where nothing failed, drifted or is unknown. */
function wellSentence(
  components: readonly ComponentHealth[],
  { drift = [] }: Results,
): { tone: Tone; text: string } {
  const checked = components.filter(({ status }) => status !== "skipped");
  const healthy = checked.filter(({ status }) => status !== "pending").length;
  const [first] = drift;
  const parts = [
    checked.length === 0 ? "" : `${healthy} of ${count(checked.length, "component")} healthy`,
    first === undefined
      ? ""
      : `${drift.length === 1 ? first.environment : count(drift.length, "environment")} as declared`,
  ].filter((part) => part !== "");
  if (parts.length === 0) return { tone: "unknown", text: "Nothing was checked." };
  const lead = checked.every(({ status }) => status === "ok") ? "All is well" : "Nothing is down";
  return { tone: "good", text: `${lead}: ${parts.join(", ")}.` };
}

function withStatus(components: readonly ComponentHealth[], status: Status): ComponentHealth[] {
  return components.filter((component) => component.status === status);
}

function noun(components: readonly ComponentHealth[]): string {
  return components.every(({ type }) => type === "vm" || type === "lxc") ? "guest" : "component";
}

function named({ component, status, findings }: ComponentHealth): string {
  const worst = findings.find((finding) => finding.status === status);
  if (worst === undefined) return component;
  const detail = worst.check === "proxmox" ? worst.detail : findingDetail(worst);
  return `${component} (${shorten(plain(detail), 48)})`;
}

function failing(components: readonly ComponentHealth[]): string | undefined {
  const failed = withStatus(components, "fail");
  if (failed.length === 0) return undefined;
  const need = failed.length === 1 ? "needs" : "need";
  return `${count(failed.length, noun(failed))} ${need} you: ${enumerate(failed.map(named), 3)}.`;
}

function drifted(reports: readonly DriftReport[]): string | undefined {
  const changed = reports.filter((report) => report.status === "drift");
  if (changed.length === 0) return undefined;
  const names = changed.map((report) => report.environment);
  const counts = verdictCounts(changed.flatMap((report) => driftOf(report.findings)));
  return `${enumerate(names)} ${names.length === 1 ? "is" : "are"} not as declared${counts === "" ? "" : `: ${counts}`}.`;
}

function unmanagedGuests(report: UnmanagedReport | undefined): string | undefined {
  if (report === undefined || report.status !== "drift") return undefined;
  const names = report.findings.map((finding) => finding.subject);
  return `${count(report.findings.length, "unmanaged guest")}: ${enumerate(names, 3)}.`;
}

function unchecked(
  components: readonly ComponentHealth[],
  { drift = [], unmanaged }: Results,
): string | undefined {
  const names = [
    ...withStatus(components, "unknown").map(named),
    ...drift
      .filter(({ status }) => status === "unknown")
      .map(({ environment }) => `the drift of ${environment}`),
    ...(unmanaged?.status === "unknown" ? ["unmanaged guests"] : []),
  ];
  return names.length === 0 ? undefined : `Could not be checked: ${enumerate(names, 3)}.`;
}

function passing(components: readonly ComponentHealth[], status: Status, words: string): string | undefined {
  const found = withStatus(components, status);
  return found.length === 0
    ? undefined
    : `${count(found.length, noun(found))} ${words}: ${enumerate(found.map(named), 3)}.`;
}
