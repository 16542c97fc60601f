import { z } from "zod";
import { type Status, statuses, worstStatus } from "./status.ts";
import { timestamp, wellFormed } from "./text.ts";

const findingSchema = z.object({
  component: wellFormed,
  /** `vm`, `lxc`, `node`, …: what `--component` and `--exclude` call a kind. */
  type: wellFormed,
  /** The name of the check: `ssh`, `docker`, … */
  check: z.string(),
  status: z.enum(statuses),
  /** One line for a person: what is so, not what was done. */
  detail: z.string(),
  expected: z.string().exactOptional(),
  actual: z.string().exactOptional(),
  /** Stable word for what went wrong: `ssh-host-key-changed`. */
  code: z.string().exactOptional(),
  /** The next command to type. */
  hint: z.string().exactOptional(),
  durationMs: z.number().nonnegative(),
});

/** What one check found out about one component. */
export type Finding = z.infer<typeof findingSchema>;

export const healthReportSchema = z.object({
  environment: wellFormed,
  startedAt: timestamp,
  durationMs: z.number().nonnegative(),
  /** Every row comes from bundled data (`--dry-run`). */
  sample: z.literal(true).exactOptional(),
  findings: z.array(findingSchema),
});

/** One environment's health, as it is kept on disk and printed by `--json`. */
export type HealthReport = z.infer<typeof healthReportSchema>;

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
