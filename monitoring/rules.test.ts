import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runChild } from "../tools/programs/child.ts";
import { resolveProgram } from "../tools/programs/index.ts";
import type { Alert, RuleFile } from "./alert.ts";
import { ruleFiles } from "./alerts/index.ts";
import { hostDown } from "./alerts/node/host-down.ts";
import { rulesFolder, testsFolder } from "./outputs.ts";
import { ruleFile } from "./rule-file.ts";
import { ruleTests } from "./rule-tests.ts";

const root = join(import.meta.dirname, "..");

async function promtool(...args: string[]): Promise<{ code: number; output: string }> {
  const { path } = await resolveProgram("promtool");
  return runChild(path, args, { cwd: root });
}

const alertsOf = ({ groups }: RuleFile) => groups.flatMap(({ alerts }) => alerts);

describe.each(ruleFiles)("$file", (rules) => {
  test("promtool accepts the rules, without a complaint of its lint", async () => {
    const file = join(rulesFolder, rules.file);
    const { code, output } = await promtool("check", "rules", "--lint=all", "--lint-fatal", file);
    expect(code, output).toBe(0);
    expect(output).toContain(`${alertsOf(rules).length} rules found`);
  });

  test("each alert fires at its threshold and time, and is silent below", async () => {
    const file = join(testsFolder, rules.file.replace(".yml", ".test.yml"));
    const { code, output } = await promtool("test", "rules", file);
    expect(code, output).toBe(0);
  });

  test("the tests notice when an alert has lost its threshold", async () => {
    const open = ({ expr }: Alert) => expr.replaceAll(/(?:[=!]=|[<>]=?) [\d.]+/g, ">= -1e12");
    const without = alertsOf(rules).filter((alert) => open(alert) === alert.expr);
    const left = await unnoticed(rules, (alert) => ({ ...alert, expr: open(alert) }));
    expect(left).toEqual(without.map(({ name }) => name));
  });
});

/** Changes every alert, and has promtool judge it by the tests of the alert as it was: which still pass. */
async function unnoticed(rules: RuleFile, change: (alert: Alert) => Alert): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "pve-home-rules-"));
  try {
    const groups = rules.groups.map((group) => ({ ...group, alerts: group.alerts.map(change) }));
    await writeFile(join(folder, "rules.yml"), ruleFile({ ...rules, groups }));
    await writeFile(join(folder, "rules.test.yml"), ruleTests(rules, "rules.yml"));
    const { output } = await promtool("test", "rules", join(folder, "rules.test.yml"));
    const failed = new Set([...output.matchAll(/alertname: (\w+),/g)].map(([, name]) => name));
    return alertsOf(rules)
      .map(({ name }) => name)
      .filter((name) => !failed.has(name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.each<[string, Partial<Alert>]>([
  ["never fires", { expr: "up == 2" }],
  ["comes a minute late", { for: "3m" }],
  ["comes a minute early", { for: "1m" }],
  ["has another severity", { severity: "info" }],
  ["has another text", { summary: "{{ $labels.role }} is down" }],
  ["loses a label", { expr: 'max without (role) (up{job="node"}) == 0' }],
])("the tests of an alert notice when it %s", async (_, change) => {
  const rules = { file: "one.yml", groups: [{ name: "one", alerts: [hostDown] }] };
  expect(await unnoticed(rules, (alert) => ({ ...alert, ...change }))).toEqual([]);
});
