import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../connect/files.ts";
import type { DriftReport } from "../model/drift.ts";
import { messageOf, Problem } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";
import { reportText } from "./report-text.ts";

const usualReportDirectory = "/var/log/pve-drift";
/** Reports of more days ago than this are removed. */
const keepDays = 30;
const namePattern = /^drift-(\d{4}-\d{2}-\d{2})-.+\.log$/;
const dayMs = 24 * 60 * 60 * 1000;

export interface ReportLog {
  /** Where the user wants it; undefined: the usual folder, where that is there. */
  directory: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
  log: Log;
  /** Instead of `usualReportDirectory`. */
  usual?: string;
}

/**
 * Adds each report to `drift-YYYY-MM-DD-ENVIRONMENT.log` of today (local time) and removes the files of more than 30
 * days ago; gives the files written. A folder that was named and cannot be written is a Problem
 * `report-unwritable`; the usual one, absent or not writable by us, is only logged.
 */
export function writeReportLogs(reports: readonly DriftReport[], options: ReportLog): string[] {
  const { directory = options.usual ?? usualReportDirectory, now, log } = options;
  const named = options.directory !== undefined;
  if (!named && !existsSync(directory)) {
    log(`no drift report is written: ${directory} is not there, and drift.report_directory is not set`);
    return [];
  }
  try {
    const files = reports.map((report) => {
      const file = join(directory, `drift-${localDay(now)}-${report.environment}.log`);
      const before = statSync(file, { throwIfNoEntry: false });
      // A pipe or a device has nothing that could be kept.
      const earlier = before?.isFile() ? readFileSync(file, "utf8") : "";
      writeFileAtomic(file, earlier + reportText(report));
      return file;
    });
    removeOld(directory, now);
    return files;
  } catch (cause) {
    const message = `the drift report cannot be written to ${directory}: ${messageOf(cause)}`;
    if (!named) {
      log(message);
      return [];
    }
    throw new Problem({
      kind: "undetermined",
      code: "report-unwritable",
      message,
      place: "pve-home.yaml: drift.report_directory",
      hint: "name a folder that this user may write",
      cause,
    });
  }
}

function removeOld(directory: string, now: number): void {
  const oldest = localDay(now - keepDays * dayMs);
  for (const name of readdirSync(directory)) {
    const day = namePattern.exec(name)?.[1];
    if (day !== undefined && day < oldest) rmSync(join(directory, name), { force: true });
  }
}

/** `YYYY-MM-DD` where this machine is. */
function localDay(ms: number): string {
  const date = new Date(ms);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
