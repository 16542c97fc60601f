import type { DriftFinding, DriftReport, DriftStatus, UnmanagedReport } from "../model/drift.ts";
import { byComponent, type Finding, type HealthReport } from "../model/health.ts";
import { jsonText } from "../model/json.ts";
import { spelled } from "../model/outgoing-text.ts";
import { interrupts, type PlanReport } from "../model/plan.ts";
import { worstStatus } from "../model/status.ts";
import { changedCount } from "./drift-summary.ts";
import { allComponents, statusCounts } from "./health-summary.ts";
import type { DriftDocument, HealthDocument, PlanDocument } from "./json-schema.ts";

/** The document of `pve-home health --json`, ending in a line feed; docs/health.schema.json describes it. */
export function healthJson(reports: readonly HealthReport[]): string {
  const all = allComponents(reports);
  return print({
    schema_version: 1,
    command: "health",
    status: worstStatus(all.map((component) => component.status)),
    summary: { components: all.length, ...statusCounts(all) },
    environments: reports.map((report) => {
      const components = byComponent(report.findings);
      return {
        ...runFields(report),
        environment: report.environment,
        duration_ms: Math.round(report.durationMs),
        status: worstStatus(components.map((component) => component.status)),
        components: components.map(({ component, type, status, durationMs, findings }) => ({
          component,
          type,
          status,
          duration_ms: Math.round(durationMs),
          checks: findings.map(checkFields),
        })),
      };
    }),
  } satisfies HealthDocument);
}

/** The document of `pve-home drift --json`, ending in a line feed; docs/drift.schema.json describes it. */
export function driftJson(reports: readonly DriftReport[], unmanaged?: UnmanagedReport): string {
  const all = [...reports, ...(unmanaged === undefined ? [] : [unmanaged])];
  return print({
    schema_version: 1,
    command: "drift",
    status: worstDrift(all.map((report) => report.status)),
    environments: reports.map((report) => ({
      environment: report.environment,
      ...runFields(report),
      duration_ms: Math.round(report.durationMs),
      status: report.status,
      changed: changedCount(report) ?? null,
      ...foundFields(report),
    })),
    unmanaged:
      unmanaged === undefined
        ? null
        : { ...runFields(unmanaged), status: unmanaged.status, ...foundFields(unmanaged) },
  } satisfies DriftDocument);
}

/** The document of `pve-home plan --json`, ending in a line feed; docs/plan.schema.json describes it. */
export function planJson(reports: readonly PlanReport[]): string {
  const has = (status: PlanReport["status"]) => reports.some((report) => report.status === status);
  return print({
    schema_version: 1,
    command: "plan",
    status: (["changes", "unknown"] as const).find(has) ?? "none",
    environments: reports.map(({ startedAt, durationMs, forecast, ...report }) => ({
      ...report,
      started_at: startedAt,
      duration_ms: durationMs,
      forecast: forecast.map((guest) => ({
        ...guest,
        vmid: guest.vmid ?? null,
        away: interrupts(guest),
      })),
    })),
  } satisfies PlanDocument);
}

function runFields({ startedAt, sample }: { startedAt: string; sample?: true }) {
  return { started_at: startedAt, sample: sample ?? false };
}

function checkFields({ check, status, detail, expected, actual, code, hint, durationMs }: Finding) {
  return {
    check,
    status,
    detail,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    ...(code === undefined ? {} : { code }),
    ...(hint === undefined ? {} : { hint }),
    duration_ms: Math.round(durationMs),
  };
}

function foundFields({ findings, problem }: Pick<DriftReport, "findings" | "problem">) {
  return { findings: findings.map(findingFields), ...(problem === undefined ? {} : { problem }) };
}

function findingFields({ verdict, subject, detail, reason, hint, changes }: DriftFinding) {
  return {
    verdict,
    subject,
    detail,
    ...(reason === undefined ? {} : { reason }),
    ...(hint === undefined ? {} : { hint }),
    changes,
  };
}

function worstDrift(statuses: readonly DriftStatus[]): DriftStatus {
  return (["drift", "unknown"] as const).find((status) => statuses.includes(status)) ?? "ok";
}

/** JSON whose control characters are all escaped, also those that JSON allows and a terminal obeys. */
function print(document: HealthDocument | DriftDocument | PlanDocument): string {
  return `${spelled(jsonText(document, 2))}\n`;
}
