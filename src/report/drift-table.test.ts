import { expect, test } from "vitest";
import { renderDrift } from "./drift-table.ts";
import { displayWidth } from "./terminal-text.ts";
import { driftFinding, driftReport, hostile, leftover, unmanagedReport } from "./test-reports.ts";

const prod = driftReport([
  driftFinding({
    detail: "changed by hand",
    changes: [
      { path: "memory[0].dedicated", before: 2048, after: 4096 },
      {
        path: "description",
        before: "Web server, declared in git",
        after: "edited on a Sunday because it was slow",
      },
    ],
    hint: "pve-home apply --env prod",
  }),
  driftFinding({ verdict: "deleted", detail: "gone from Proxmox" }),
  driftFinding({ verdict: "pending", changes: [{ path: "started", after: true }] }),
  driftFinding({ verdict: "noise", detail: "agent addresses", reason: "any order" }),
]);
const lab = driftReport([], { environment: "lab" });
const locked = driftReport([], {
  environment: "monitoring",
  status: "unknown",
  problem: { code: "state-locked", message: "the state is locked by alice", hint: "wait for alice" },
});

test("a row per environment, then each finding, in 80 columns", () => {
  expect(renderDrift([prod, lab, locked], unmanagedReport([leftover]))).toBe(`\
environment  status   changed  details
──────────────────────────────────────────────────────────────
prod         DRIFT          3  1 outside, 1 deleted, 1 pending
lab          OK             0  as declared
monitoring   UNKNOWN        ?  the state is locked by alice
(cluster)    DRIFT          1  1 guest in no state

prod

OUTSIDE  vm web
  changed by hand (code → Proxmox)
  memory[0].dedicated: 2048 → 4096
  description:
      Web server, declared in git
    → edited on a Sunday because it was slow
  try: pve-home apply --env prod

DELETED  vm web
  gone from Proxmox

PENDING  vm web
  not applied yet (Proxmox → code)
  started: (none) → true

monitoring

the state is locked by alice
  try: wait for alice

(cluster)

UNMANAGED  vm/105 (leftover)
  runs on pve, in no state

3 environments: 1 as declared, 1 drifted, 1 unknown; 1 guest in no state; 1
difference known to be harmless (--verbose shows them) — checked in 12.0 s
`);
});

test("on a phone no line but addresses and commands is wider than the screen", () => {
  const lines = renderDrift([prod, lab, locked], unmanagedReport([leftover]), { width: 40 }).split("\n");
  expect(lines.filter((line) => displayWidth(line) > 40)).toEqual([]);
  expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
});

test("verbose adds addresses and what is known to be harmless", () => {
  const text = renderDrift([prod], undefined, { verbose: true });
  expect(text).toContain('  at module.vms["web"].proxmox_virtual_environment_vm.this\n');
  expect(text).toContain("NOISE  vm web\n  agent addresses\n  because: any order\n");
  expect(text).not.toContain("--verbose");
});

test("in line: one row and one summary line", () => {
  expect(renderDrift([lab], unmanagedReport([]))).toBe(`\
environment  status  changed  details
───────────────────────────────────────────────────────
lab          OK            0  as declared
(cluster)    OK            0  every guest is in a state

1 environment: 1 as declared; every guest is in a state — checked in 12.0 s
`);
});

test("what could not be checked is never zero", () => {
  const blind = unmanagedReport([], {
    status: "unknown",
    problem: { code: "states-unread", message: "the state of monitoring was not read" },
  });
  const text = renderDrift([locked], blind);
  expect(text).toMatch(/\(cluster\) +UNKNOWN +\? +the state of monitoring was not read/);
  expect(text).toMatch(/monitoring +UNKNOWN +\?/);
});

test("every row of sample data says so", () => {
  const text = renderDrift([{ ...prod, sample: true }], unmanagedReport([leftover], { sample: true }));
  expect(text.match(/\[sample\]/g)).toHaveLength(2);
  expect(text).toContain("sample data: 1 environment");
});

test("an attribute's value cannot write to the terminal", () => {
  const bad = driftFinding({
    subject: hostile,
    detail: hostile,
    reason: hostile,
    hint: hostile,
    changes: [{ path: hostile, before: hostile, after: { [hostile]: hostile } }],
  });
  const problem = { code: "x", message: hostile, hint: hostile };
  const text = renderDrift([driftReport([bad], { environment: hostile, problem })], undefined, {
    verbose: true,
  });
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
});
