import { expect, test } from "vitest";
import { parseProperties } from "../config/property-string.ts";
import type { Volume } from "../world.ts";
import { prunable } from "./retention.ts";

const backup = (date: string, isProtected = false): Volume => ({
  volid: date,
  content: "backup",
  format: "vma.zst",
  sizeBytes: 1,
  ctime: Date.parse(`${date}Z`) / 1000,
  protected: isProtected,
});

const kept = (dates: string[], rules: string): string[] => {
  const all = dates.map((date) => backup(date));
  const gone = new Set(prunable(all, parseProperties(rules, "keep-last")).map(({ volid }) => volid));
  return dates.filter((date) => !gone.has(date));
};

const dates = [
  "2026-01-01T02:00",
  "2026-01-31T02:00",
  "2026-02-01T02:00",
  "2026-02-01T14:00",
  "2026-02-02T02:00",
  "2026-02-03T02:00",
];

test.each([
  ["keep-last=2", dates.slice(-2)],
  ["keep-daily=2", ["2026-02-02T02:00", "2026-02-03T02:00"]],
  ["keep-last=1,keep-daily=2", ["2026-02-01T14:00", "2026-02-02T02:00", "2026-02-03T02:00"]],
  ["keep-monthly=2", ["2026-01-31T02:00", "2026-02-03T02:00"]],
  ["keep-weekly=2", ["2026-02-01T14:00", "2026-02-03T02:00"]],
  ["keep-yearly=5", ["2026-02-03T02:00"]],
  ["keep-all=1", dates],
  ["keep-last=0", dates],
])("%s", (rules, expected) => {
  expect(kept(dates, rules)).toEqual(expected);
});

test("protected backups neither go nor count", () => {
  const all = [backup("2026-01-01T00:00", true), backup("2026-01-02T00:00"), backup("2026-01-03T00:00")];
  expect(prunable(all, parseProperties("keep-last=1", "keep-last"))).toEqual([all[1]]);
});
