import { describe, expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { hostDown } from "./alerts/node/host-down.ts";
import { lintAlert } from "./lint-alert.ts";
import { lintQuery } from "./lint-query.ts";
import { readSamples } from "./samples/sample.ts";

const samples = readSamples();

describe("a query", () => {
  test.each([
    ["up == 0"],
    ['rate(node_cpu_seconds_total{mode="idle", environment="prod"}[5m])'],
    ['sum by (instance) (node_systemd_unit_state{state="failed"})'],
    ["pve_drift_status == 1"],
    ["vector(1)"],
  ])("%s is accepted", (query) => {
    expect(lintQuery(query, samples)).toEqual([]);
  });

  test.each([
    ["pve_backup_not_enabled_total > 0", "pve_backup_not_enabled_total is in no sample"],
    ['node_load1{mode="idle"}', "node_load1 has no label mode"],
    [
      'node_systemd_unit_state{state="broken"}',
      'node_systemd_unit_state{state="broken"} selects nothing from the samples',
    ],
    ['up{job="node", type="x"}', "up has no label type"],
    ['pve_guest_info{status="stopped"}', "pve_guest_info has no label status"],
    ['pve_disk_usage_bytes{content="backup"}', "pve_disk_usage_bytes has no label content"],
    ['node_load1{job="pve"}', 'node_load1{job="pve"} selects nothing from the samples'],
    ["sum by (hostname) (node_load1)", "none of its metrics has the label hostname"],
    ['pve_drift_status{environment="prod", guest="1"}', "pve_drift_status has no label guest"],
  ])("%s is refused", (query, problem) => {
    expect(lintQuery(query, samples)).toEqual([problem]);
  });

  test("a mistake in its syntax is named with its place", () => {
    expect(() => lintQuery("up == ", samples)).toThrow("PromQL at character 7: end of text");
    expect(() => lintQuery('{job="node"}', samples)).toThrow("names no metric");
  });
});

describe("an alert", () => {
  const [firing] = hostDown.fires;

  test.each<[string, Partial<Alert>, string]>([
    ["a wrong expression", { expr: "up ==" }, "PromQL at character 6"],
    ["an unknown metric", { expr: "pve_nothing == 1" }, "pve_nothing is in no sample"],
    ["no silent test", { silent: [] }, "it has no test in which it is silent"],
    ["no firing", { fires: [{ ...firing, alerts: [] }] }, "it has no test in which it fires"],
    ["no causes", { runbook: { ...hostDown.runbook, causes: [] } }, "its runbook has no causes"],
    ["no meaning", { runbook: { ...hostDown.runbook, meaning: "" } }, "its runbook has no meaning"],
    ["a test that is over too early", { for: "5m" }, "a test has it fire before 5m have passed"],
    [
      "a label of no exporter",
      { silent: [{ name: "", series: { 'up{node="a"}': "0" } }] },
      "up has no label node",
    ],
    ["a text with an empty place", { summary: "{{ $labels.node }} is down" }, "its texts use the label node"],
  ])("with %s is refused", (_, change, problem) => {
    const problems = lintAlert({ ...hostDown, ...change }, samples);
    expect(problems.map((text) => text.startsWith("HostDown: ") && text.includes(problem))).toContain(true);
  });

  test("as it is is accepted", () => {
    expect(lintAlert(hostDown, samples)).toEqual([]);
  });
});
