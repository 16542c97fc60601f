import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DriftReport } from "../model/drift.ts";
import type { HealthReport } from "../model/health.ts";
import { openResults } from "./results.ts";

const mine = { file: "/a/pve-home.yaml", folder: "/a" };
const startedAt = "2026-11-20T06:00:00.000Z";
const health = (facts: Partial<HealthReport> = {}): HealthReport => ({
  environment: "prod",
  startedAt,
  durationMs: 10,
  findings: [],
  ...facts,
});
const drift: DriftReport = { environment: "prod", startedAt, durationMs: 10, status: "ok", findings: [] };

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "results-"));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (configuration = mine) => openResults(folder, configuration, (line) => lines.push(line));
const files = () => readdirSync(join(folder, "results"), { recursive: true, encoding: "utf8" });
const file = (name: string) =>
  join(folder, "results", files().find((one) => one.endsWith(name)) ?? "missing");

test("are kept per environment; those of environments that left the configuration disappear", () => {
  const results = open();
  results.save("health", "prod", health());
  results.save("health", "gone", health({ environment: "gone" }));
  expect(results.load("health", ["prod", "lab"])).toEqual([health()]);
  expect(files().some((name) => name.endsWith("gone.json"))).toBe(false);
});

test("two configurations that share a state directory do not see each other's", () => {
  open().save("health", "prod", health());
  const others = open({ file: "/b/pve-home.yaml", folder: "/b" });
  expect(others.load("health", ["prod"])).toEqual([]);
  others.load("health", []);
  expect(open().load("health", ["prod"])).toHaveLength(1);
});

const finding = { component: "web", type: "vm", check: "ssh", status: "ok", detail: "", durationMs: 1 };
const change = {
  verdict: "outside",
  subject: "x",
  detail: "",
  changes: [{ path: "a", before: [1], after: null }],
};
const wrong: [string, "health" | "drift", unknown][] = [
  ["no object", "health", null],
  ["a list", "health", []],
  ["another format", "health", { format: 0, result: health() }],
  ["no result", "health", { format: 1 }],
  ["an empty result", "health", { format: 1, result: {} }],
  ["findings that are none", "health", { format: 1, result: { ...health(), findings: {} } }],
  ["an empty finding", "health", { format: 1, result: { ...health(), findings: [{}] } }],
  ["a time that is none", "health", { format: 1, result: health({ startedAt: "yesterday" }) }],
  ["a duration that is none", "health", { format: 1, result: { ...health(), durationMs: "1" } }],
  ["another environment's", "health", { format: 1, result: health({ environment: "lab" }) }],
  [
    "an unknown status",
    "health",
    { format: 1, result: { ...health(), findings: [{ ...finding, status: "so" }] } },
  ],
  [
    "half a character",
    "health",
    { format: 1, result: { ...health(), findings: [{ ...finding, component: "\ud800" }] } },
  ],
  ["an empty result", "drift", { format: 1, result: {} }],
  [
    "an unknown verdict",
    "drift",
    { format: 1, result: { ...drift, findings: [{ ...change, verdict: "so" }] } },
  ],
  [
    "changes that are none",
    "drift",
    { format: 1, result: { ...drift, findings: [{ ...change, changes: null }] } },
  ],
  ["a problem that is none", "drift", { format: 1, result: { ...drift, problem: "so" } }],
];

test.each([
  ...wrong.map(([what, kind, content]) => [what, kind, JSON.stringify(content)] as const),
  ["half a file", "drift", '{"format":1,"resu'] as const,
  [
    "nesting without end",
    "drift",
    `{"format":1,"result":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
  ] as const,
])("a file with %s (%s) is as good as none, and named once", (_, kind, content) => {
  const results = open();
  if (kind === "health") results.save("health", "prod", health());
  else results.save("drift", "prod", drift);
  const path = file("prod.json");
  writeFileSync(path, content);
  expect(results.load(kind, ["prod"])).toEqual([]);
  expect(results.load(kind, ["prod"])).toEqual([]);
  expect(lines).toEqual([expect.stringContaining(path)]);
});

test("what is kept comes back as it was, also every field that may be absent", () => {
  const results = open();
  const full = health({
    sample: true,
    findings: [
      {
        ...finding,
        status: "fail",
        expected: "a",
        actual: "b",
        code: "ssh-refused",
        hint: "do",
      },
    ],
  });
  results.save("health", "prod", full);
  expect(results.load("health", ["prod"])).toEqual([full]);
  const drifted: DriftReport = {
    ...drift,
    status: "unknown",
    notes: ["a note"],
    findings: [{ ...change, verdict: "noise", reason: "known", hint: "do" }],
    problem: { code: "state-locked", message: "locked", hint: "wait" },
  };
  results.save("drift", "prod", drifted);
  expect(results.load("drift", ["prod"])).toEqual([drifted]);
  expect(lines).toEqual([]);
});

test("files appear whole, for others to read, with no temporary one and no half of a character", () => {
  const detail = 'a\ud800b \\ud800 \u{1f600} "';
  open().save("health", "prod", health({ findings: [{ ...finding, status: "ok", detail }] }));
  const text = readFileSync(file("prod.json"), "utf8");
  expect(JSON.parse(text).result.findings[0].detail).toBe(detail.toWellFormed());
  expect(statSync(file("prod.json")).mode & 0o777).toBe(0o644);
  expect(files().filter((name) => /\.\w+\.json\./.test(name))).toEqual([]);
});

test.each([
  ["folder", (path: string) => mkdirSync(path)],
  ["pipe, which is not waited for,", (path: string) => execFileSync("mkfifo", [path])],
])("a %s where a file belongs is named, too", (_, make) => {
  open().save("unmanaged", "cluster", { startedAt, status: "ok", findings: [] });
  const path = file("cluster.json");
  rmSync(path);
  make(path);
  expect(open().load("unmanaged", ["cluster"])).toEqual([]);
  expect(lines).toEqual([expect.stringContaining(path)]);
});
