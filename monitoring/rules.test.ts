import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runChild } from "../tools/programs/child.ts";
import { resolveProgram } from "../tools/programs/index.ts";
import type { Alert } from "./alert.ts";
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

test.each(ruleFiles)("promtool accepts $file, without a complaint of its lint", async ({ file, groups }) => {
  const path = join(rulesFolder, file);
  const { code, output } = await promtool("check", "rules", "--lint=all", "--lint-fatal", path);
  expect(code, output).toBe(0);
  expect(output).toContain(`${groups.flatMap(({ alerts }) => alerts).length} rules found`);
});

const groups = ruleFiles.flatMap(({ file, groups }) => groups.map((group) => ({ ...group, file })));

describe.each(groups)("$name", ({ file, alerts }) => {
  test("each alert of the delivered file fires at its threshold and time, and is silent below", async () => {
    const tests = join(testsFolder, file.replace(".yml", ".test.yml"));
    const own = `^(${alerts.map(({ name }) => name).join("|")}) `;
    const { code, output } = await promtool("test", "rules", "--run", own, tests);
    expect(code, output).toBe(0);
  });

  test("the tests notice when an alert has lost its threshold", async () => {
    const open = ({ expr }: Alert) => expr.replaceAll(/(?:[=!]=|[<>]=?) [\d.]+/g, ">= -1e12");
    const without = alerts.filter((alert) => open(alert) === alert.expr);
    const left = await unnoticed(alerts, (alert) => ({ ...alert, expr: open(alert) }));
    expect(left).toEqual(without.map(({ name }) => name));
  });
});

/** Changes every alert, and has promtool judge it by the tests of the alert as it was: which still pass. */
async function unnoticed(alerts: readonly Alert[], change: (alert: Alert) => Alert): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "pve-home-rules-"));
  const file = (all: readonly Alert[]) => ({ file: "rules.yml", groups: [{ name: "alerts", alerts: all }] });
  try {
    await writeFile(join(folder, "rules.yml"), ruleFile(file(alerts.map(change))));
    await writeFile(join(folder, "rules.test.yml"), ruleTests(file(alerts), "rules.yml"));
    const { output } = await promtool("test", "rules", join(folder, "rules.test.yml"));
    const failed = new Set([...output.matchAll(/alertname: (\w+),/g)].map(([, name]) => name));
    return alerts.map(({ name }) => name).filter((name) => !failed.has(name));
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
  expect(await unnoticed([hostDown], (alert) => ({ ...alert, ...change }))).toEqual([]);
});
