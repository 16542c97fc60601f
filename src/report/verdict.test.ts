import { expect, test } from "vitest";
import {
  driftFinding,
  driftReport,
  finding,
  healthReport,
  leftover,
  unmanagedReport,
} from "./test-reports.ts";
import { overallVerdict } from "./verdict.ts";

const down = finding({ component: "db", check: "proxmox", status: "fail", detail: "stopped" });
const refused = finding({ component: "web", check: "ssh", status: "fail", detail: "connection refused" });

test("what is down comes first, everything else after it", () => {
  const verdict = overallVerdict({
    health: [
      healthReport([
        down,
        refused,
        finding({ component: "nas", status: "unknown", detail: "no route" }),
        finding({ component: "mail", status: "pending", check: "proxmox", detail: "booting" }),
        finding({ component: "pve", type: "node", status: "warn", detail: "disk 85 % full" }),
      ]),
    ],
    drift: [
      driftReport([driftFinding({}), driftFinding({ verdict: "deleted" })]),
      driftReport([], { environment: "lab", status: "unknown" }),
    ],
    unmanaged: unmanagedReport([leftover]),
  });
  expect(verdict).toEqual({
    tone: "bad",
    headline: "2 guests need you: db (stopped) and web (ssh: connection refused).",
    also: [
      "prod is not as declared: 1 outside, 1 deleted.",
      "1 unmanaged guest: vm/105 (leftover).",
      "Could not be checked: nas (ssh: no route) and the drift of lab.",
      "1 component with a warning: pve (ssh: disk 85 % full).",
      "1 guest pending: mail (booting).",
    ],
  });
});

test("many are counted and the first three named", () => {
  const findings = ["a", "b", "c", "d", "e"].map((component) => ({ ...down, component }));
  expect(overallVerdict({ health: [healthReport(findings)] }).headline).toBe(
    "5 guests need you: a (stopped), b (stopped), c (stopped) and 2 more.",
  );
});

test("drift alone is the headline", () => {
  const verdict = overallVerdict({
    drift: [driftReport([driftFinding({})])],
    health: [healthReport([finding({})])],
  });
  expect(verdict).toEqual({ tone: "drift", headline: "prod is not as declared: 1 outside.", also: [] });
});

test("what is unknown is never well", () => {
  const drift = [driftReport([], { status: "unknown" })];
  expect(overallVerdict({ drift })).toMatchObject({
    tone: "unknown",
    headline: "Could not be checked: the drift of prod.",
  });
  const unmanaged = unmanagedReport([], { status: "unknown" });
  expect(overallVerdict({ unmanaged }).tone).toBe("unknown");
  expect(overallVerdict({}).headline).toBe("Nothing was checked.");
  expect(overallVerdict({ health: [healthReport([finding({ status: "skipped" })])] }).tone).toBe("unknown");
});

test("all well", () => {
  const results = {
    health: [healthReport([finding({}), finding({ component: "db" })])],
    drift: [driftReport([])],
  };
  expect(overallVerdict(results)).toEqual({
    tone: "good",
    headline: "All is well: 2 of 2 components healthy, prod as declared.",
    also: [],
  });
});

test("a guest on its way is good news, but said", () => {
  const health = [
    healthReport([finding({}), finding({ component: "db", status: "pending", detail: "booting" })]),
  ];
  expect(overallVerdict({ health })).toEqual({
    tone: "good",
    headline: "Nothing is down: 1 of 2 components healthy.",
    also: ["1 guest pending: db (ssh: booting)."],
  });
});
