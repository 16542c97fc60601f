import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runChild } from "../tools/programs/child.ts";
import { resolveProgram } from "../tools/programs/index.ts";
import type { Alert, RuleFile } from "./alert.ts";
import { ruleFiles } from "./alerts/index.ts";
import { minutes } from "./minutes.ts";
import { rulesFolder, testsFolder } from "./outputs.ts";
import { ruleFile } from "./rule-file.ts";
import { ruleTests } from "./rule-tests.ts";

const root = join(import.meta.dirname, "..");

async function promtool(...args: string[]): Promise<{ code: number; output: string }> {
  const { path } = await resolveProgram("promtool");
  return runChild(path, args, { cwd: root });
}

describe.each(ruleFiles)("$file", ({ file, groups }) => {
  test("promtool accepts the rules, without a complaint of its lint", async () => {
    const { code, output } = await promtool(
      "check",
      "rules",
      "--lint=all",
      "--lint-fatal",
      join(rulesFolder, file),
    );
    expect(code, output).toBe(0);
    expect(output).toContain(`${groups.flatMap(({ alerts }) => alerts).length} rules found`);
  });

  test("each alert fires at its threshold and time, and is silent below", async () => {
    const { code, output } = await promtool(
      "test",
      "rules",
      join(testsFolder, file.replace(".yml", ".test.yml")),
    );
    expect(code, output).toBe(0);
  });
});

/** The rules of a change to every alert, judged by the tests of the alerts as they are: who still passes. */
async function passing(rules: RuleFile, change: (alert: Alert) => Alert): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "pve-home-rules-"));
  try {
    const groups = rules.groups.map((group) => ({ ...group, alerts: group.alerts.map(change) }));
    await writeFile(join(folder, "rules.yml"), ruleFile({ ...rules, groups }));
    await writeFile(join(folder, "rules.test.yml"), ruleTests(rules, "rules.yml"));
    const { output } = await promtool("test", "rules", join(folder, "rules.test.yml"));
    const failed = new Set([...output.matchAll(/alertname: (\w+),/g)].map(([, name]) => name));
    return rules.groups
      .flatMap(({ alerts }) => alerts)
      .map(({ name }) => name)
      .filter((name) => !failed.has(name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe.each(ruleFiles)("the tests of $file notice", (rules) => {
  test("an alert that never fires", async () => {
    expect(
      await passing(rules, (alert) => ({ ...alert, expr: `(${alert.expr}) and on () vector(1) == 2` })),
    ).toEqual([]);
  });

  test("an alert without its threshold", async () => {
    const always = rules.groups.flatMap(({ alerts }) => alerts).filter(({ silent }) => silent.length === 0);
    const open = (expr: string) => expr.replaceAll(/(?:[=!]=|[<>]=?) [\d.]+/g, ">= -1e12");
    const left = await passing(rules, (alert) => ({ ...alert, expr: open(alert.expr) }));
    expect(left).toEqual(always.map(({ name }) => name));
  });

  test("an alert that comes a minute late", async () => {
    expect(await passing(rules, (alert) => ({ ...alert, for: `${minutes(alert.for) + 1}m` }))).toEqual([]);
  });

  test("another severity", async () => {
    expect(
      await passing(rules, (alert) => ({
        ...alert,
        severity: alert.severity === "info" ? "warning" : "info",
      })),
    ).toEqual([]);
  });
});
