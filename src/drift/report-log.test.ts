import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DriftReport } from "../model/drift.ts";
import { writeReportLogs } from "./report-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drift-log-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

// Noon where this runs, whatever its time zone is.
const now = new Date(2026, 2, 1, 12).getTime();
const report = (over: Partial<DriftReport> = {}): DriftReport => ({
  environment: "prod",
  startedAt: "2026-03-01T05:00:00.000Z",
  durationMs: 8240,
  status: "drift",
  findings: [
    {
      verdict: "outside",
      subject: "x.web",
      changes: [{ path: "memory[0].dedicated", before: 2048, after: 4096 }],
      detail: "changed outside: memory",
      hint: "to undo it: tofu apply",
    },
    { verdict: "noise", subject: "x.db", changes: [], detail: "changed", reason: "known (until 2026-12-31)" },
  ],
  notes: ["x.dns: lags"],
  ...over,
});

function write(
  reports: DriftReport[],
  options: { directory?: string; usual?: string } = { directory: folder },
) {
  const logged: string[] = [];
  const files = writeReportLogs(reports, {
    directory: undefined,
    now,
    log: (line) => logged.push(line),
    ...options,
  });
  return { files, logged };
}

test("one file for each environment and day, with verdicts, values, reasons and hints", () => {
  expect(
    write([report(), report({ environment: "lab", status: "ok", findings: [], notes: [] })]).files,
  ).toEqual([join(folder, "drift-2026-03-01-prod.log"), join(folder, "drift-2026-03-01-lab.log")]);
  expect(readFileSync(join(folder, "drift-2026-03-01-prod.log"), "utf8")).toBe(
    `2026-03-01T05:00:00.000Z prod: drift (8.2 s)
  outside: x.web: changed outside: memory
    memory[0].dedicated: 2048 -> 4096
    to undo it: tofu apply
  noise: x.db: changed
    reason: known (until 2026-12-31)
  note: x.dns: lags
`,
  );
});

test("a second run of the day is added", () => {
  write([report()]);
  write([
    report({
      status: "unknown",
      findings: [],
      notes: [],
      problem: { code: "state-locked", message: "locked" },
    }),
  ]);
  const text = readFileSync(join(folder, "drift-2026-03-01-prod.log"), "utf8");
  expect(text).toContain("prod: drift (8.2 s)");
  expect(text).toContain("prod: unknown (8.2 s)\n  the check failed [state-locked]: locked\n");
});

test("reports of more than 30 days ago go, and nothing else", () => {
  const kept = [
    "drift-2026-01-30-prod.log",
    "drift-2020-01-01-prod.txt",
    "notes.log",
    "drift-2020-01-01.log",
  ];
  for (const name of [...kept, "drift-2026-01-29-prod.log", "drift-2025-12-31-a-b.log"]) {
    writeFileSync(join(folder, name), "");
  }
  write([report()]);
  expect(readdirSync(folder).toSorted()).toEqual([...kept, "drift-2026-03-01-prod.log"].toSorted());
});

describe("nowhere to write", () => {
  test("the usual folder is absent and none is named: logged, and that is all", () => {
    const { files, logged } = write([report(), report()], { usual: join(folder, "absent") });
    expect(files).toEqual([]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("absent is not there");
  });

  test("a folder that was named is made; one that cannot be is a problem", () => {
    expect(write([report()], { directory: join(folder, "a/b") }).files).toHaveLength(1);
    writeFileSync(join(folder, "file"), "");
    expect(() => write([report()], { directory: join(folder, "file") })).toThrow(
      expect.objectContaining({ code: "report-unwritable" }),
    );
    expect(write([report()], { usual: join(folder, "file") }).logged[0]).toContain("cannot be written");
  });
});
