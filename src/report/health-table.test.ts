import { expect, test } from "vitest";
import { renderHealth } from "./health-table.ts";
import { displayWidth } from "./terminal-text.ts";
import { finding, healthReport, hostile } from "./test-reports.ts";

const report = healthReport([
  finding({ check: "proxmox", detail: "running" }),
  finding({ check: "ping", status: "skipped", detail: "loopback answers for everyone", durationMs: 0 }),
  finding({ check: "ssh", detail: "login works", durationMs: 340 }),
  finding({
    component: "db",
    check: "proxmox",
    status: "fail",
    detail: "stopped",
    expected: "running",
    actual: "stopped",
    hint: "on pve: qm start 102",
  }),
  finding({ component: "db", check: "ssh", status: "fail", detail: "connection refused", durationMs: 2100 }),
  finding({ component: "db", check: "docker", status: "unknown", detail: "no SSH", expected: "active" }),
  finding({ component: "db", check: "agent", status: "unknown", detail: "no SSH" }),
  finding({
    component: "mail",
    type: "lxc",
    check: "proxmox",
    status: "pending",
    detail: "locked by a backup",
  }),
  finding({ component: "old", type: "lxc", status: "skipped", detail: "excluded" }),
]);

test("a row per component with its worst status and the checks that failed, in 80 columns", () => {
  expect(renderHealth([report])).toBe(`\
component  type  status   detail                                        duration
────────────────────────────────────────────────────────────────────────────────
web        vm    OK       2 checks ok, ping skipped                       340 ms
db         vm    FAIL     proxmox: stopped; ssh: connection refused;       2.1 s
                          docker, agent: no SSH
mail       lxc   PENDING  proxmox: locked by a backup                      40 ms
old        lxc   SKIPPED  ssh: excluded

db:
  try: on pve: qm start 102

4 components: 1 ok, 1 fail, 1 pending, 1 skipped — checked in 2.3 s
`);
});

test("on a phone the detail is below its row", () => {
  const text = renderHealth([report], { width: 40 });
  expect(text).toContain(`\
db         vm    FAIL        2.1 s
  proxmox: stopped; ssh: connection
  refused; docker, agent: no SSH
`);
  expect(text.split("\n").filter((line) => displayWidth(line) > 40)).toEqual([]);
});

test("verbose has a row per check, and what was expected where the detail does not say it", () => {
  const text = renderHealth([report], { verbose: true });
  expect(text).toContain("web        vm    OK       proxmox: running");
  expect(text).toContain("                 SKIPPED  ping: loopback answers for everyone\n");
  expect(text).toContain("FAIL     proxmox: stopped (expected running)");
  expect(text).toContain("UNKNOWN  docker: no SSH (expected active)");
});

test("several environments have a heading each and one summary", () => {
  const lab = healthReport([finding({ component: "toy" })], {
    environment: "lab",
    startedAt: "2026-11-20T06:00:01.000Z",
    durationMs: 2000,
  });
  const lines = renderHealth([report, lab]).split("\n");
  expect(lines.filter((line) => line === "prod" || line === "lab")).toEqual(["prod", "lab"]);
  expect(lines.at(-2)).toBe("5 components: 2 ok, 1 fail, 1 pending, 1 skipped — checked in 3.0 s");
});

test("a hint for many is said once", () => {
  const findings = ["a", "b", "c"].map((component) =>
    finding({ component, status: "unknown", detail: "unreachable", hint: "pve-home doctor" }),
  );
  const text = renderHealth([healthReport(findings)]);
  expect(text.match(/try:/g)).toHaveLength(1);
  expect(text).toContain("a, b and c:\n  try: pve-home doctor\n");
});

test("a hint is never broken, so that it can be copied", () => {
  const hint = `pve-home hosts trust --env prod ${"x".repeat(60)}`;
  const text = renderHealth([healthReport([finding({ status: "fail", hint })])], { width: 40 });
  expect(text).toContain(`  try: ${hint}\n`);
});

test("every row of sample data says so", () => {
  const text = renderHealth([{ ...report, sample: true }]);
  const rows = text.split("\n").filter((line) => /OK|FAIL|PENDING|SKIPPED/.test(line));
  expect(rows).toHaveLength(4);
  expect(rows.every((row) => row.includes("[sample]"))).toBe(true);
  expect(text).toContain("sample data: 4 components");
});

test("no finding is not a good result", () => {
  expect(renderHealth([healthReport([])])).toBe(
    "nothing to check\n\n0 components: nothing was checked — checked in 2.3 s\n",
  );
});

test("a guest's answer cannot write to the terminal", () => {
  const bad = finding({
    component: hostile,
    detail: hostile,
    hint: hostile,
    status: "fail",
    actual: hostile,
  });
  for (const verbose of [true, false]) {
    const text = renderHealth([healthReport([bad], { environment: hostile })], { verbose });
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
  }
});

test("an endless answer is cut", () => {
  const text = renderHealth([healthReport([finding({ status: "fail", detail: "x".repeat(100_000) })])]);
  expect(text.length).toBeLessThan(2000);
});
