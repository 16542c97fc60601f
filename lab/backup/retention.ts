import type { Properties } from "../config/property-string.ts";
import type { Volume } from "../world.ts";

const periods: readonly (readonly [string, (at: Date) => string])[] = [
  ["keep-hourly", (at) => at.toISOString().slice(0, 13)],
  ["keep-daily", (at) => at.toISOString().slice(0, 10)],
  ["keep-weekly", isoWeek],
  ["keep-monthly", (at) => at.toISOString().slice(0, 7)],
  ["keep-yearly", (at) => at.toISOString().slice(0, 4)],
];

/**
 * The backups of one guest that `prune-backups` would remove; protected ones never. Each rule keeps the newest of
 * so many periods that no earlier rule covers. Source: prune_mark_backup_group in PVE::Storage. Times are UTC.
 */
export function prunable(backups: readonly Volume[], keep: Properties): Volume[] {
  const count = (key: string) => Number(keep.get(key) ?? 0);
  const rules = ["keep-last", ...periods.map(([key]) => key)];
  if (count("keep-all") > 0 || rules.every((key) => count(key) <= 0)) return [];
  const newestFirst = backups.filter((backup) => !backup.protected).sort((a, b) => b.ctime - a.ctime);
  const kept = new Set(newestFirst.slice(0, count("keep-last")));
  for (const [key, period] of periods) {
    const name = (backup: Volume) => period(new Date(backup.ctime * 1000));
    const covered = new Set([...kept].map(name));
    let left = count(key);
    for (const backup of newestFirst) {
      if (left <= 0) break;
      if (kept.has(backup) || covered.has(name(backup))) continue;
      kept.add(backup);
      covered.add(name(backup));
      left -= 1;
    }
  }
  return newestFirst.filter((backup) => !kept.has(backup));
}

// Year and week of ISO 8601: the week belongs to the year of its Thursday.
function isoWeek(at: Date): string {
  const thursday = new Date(at);
  thursday.setUTCDate(at.getUTCDate() + 4 - (at.getUTCDay() || 7));
  const start = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-${Math.ceil(((thursday.getTime() - start) / 86_400_000 + 1) / 7)}`;
}
