import { type Status, worstStatus } from "./status.ts";

/** What one check found out about one component. */
export interface Finding {
  component: string;
  /** `vm`, `lxc`, `node`, …: what `--component` and `--exclude` call a kind. */
  type: string;
  /** The name of the check: `ssh`, `docker`, … */
  check: string;
  status: Status;
  /** One line for a person: what is so, not what was done. */
  detail: string;
  expected?: string;
  actual?: string;
  /** Stable word for what went wrong: `ssh-host-key-changed`. */
  code?: string;
  /** The next command to type. */
  hint?: string;
  durationMs: number;
}

/** One environment's health, as it is kept on disk and printed by `--json`. */
export interface HealthReport {
  environment: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** Every row comes from bundled data (`--dry-run`). */
  sample?: true;
  findings: Finding[];
}

export interface ComponentHealth {
  component: string;
  type: string;
  status: Status;
  /** The slowest check: they run side by side. */
  durationMs: number;
  findings: Finding[];
}

/** One row per component, in the order of the findings, each with its worst status. */
export function byComponent(findings: readonly Finding[]): ComponentHealth[] {
  const rows = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.type}/${finding.component}`;
    rows.set(key, [...(rows.get(key) ?? []), finding]);
  }
  return [...rows.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return {
      component: first.component,
      type: first.type,
      status: worstStatus(group.map((finding) => finding.status)),
      durationMs: Math.max(...group.map((finding) => finding.durationMs)),
      findings: group,
    };
  });
}
