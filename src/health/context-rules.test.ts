import { expect, test } from "vitest";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import { type GuestState, stateOf } from "../homelab/guest-state.ts";
import type { Check, Outcome } from "./check.ts";
import { http } from "./checks/http.ts";
import { checks } from "./checks/index.ts";
import { inContext, leftOut } from "./context-rules.ts";
import { clusterOf, guestComponent } from "./health.test-helper.ts";
import { runFor } from "./run-for.ts";
import { serviceComponent } from "./service.test-helper.ts";

const component = guestComponent({ docker: true, agent: true });
const grace = 120_000;
const working = { ping: "ok", ssh: "ok", docker: "ok", agent: "ok", proxmox: "ok" } as const;
const silent = { ...working, ping: "fail", ssh: "fail", docker: "fail", agent: "fail" } as const;

function judged(
  statuses: Record<string, Outcome["status"]>,
  state: GuestState | undefined,
  facts: Record<string, Partial<Outcome>> = {},
): Record<string, Outcome> {
  const answers = checks
    .filter((check) => runFor(check, component) !== undefined)
    .map((check) => ({ check, outcome: outcomeFor(check, statuses, facts) }));
  const result = inContext(component, answers, state, grace);
  return Object.fromEntries(result.map(({ check, outcome }) => [check.name, outcome]));
}

function outcomeFor(
  { name }: Check,
  statuses: Record<string, Outcome["status"]>,
  facts: Record<string, Partial<Outcome>>,
): Outcome {
  return { status: statuses[name] ?? "ok", detail: `${name} says so`, hint: "do this", ...facts[name] };
}

const on = (facts: Partial<GuestStatus>) => stateOf(component.guest, clusterOf([facts]));

function statusesOf(outcomes: Record<string, Outcome>): Record<string, string> {
  return Object.fromEntries(Object.entries(outcomes).map(([name, outcome]) => [name, outcome.status]));
}

test("a guest that runs is judged by what the checks say", () => {
  expect(statusesOf(judged(working, on({})))).toMatchObject(working);
  expect(statusesOf(judged({ ...working, ssh: "fail" }, on({})))).toMatchObject({ ping: "ok", ssh: "fail" });
});

test.each([
  ["stopped", on({ status: "stopped" }), "stopped"],
  ["paused", on({ status: "paused" }), "paused"],
  ["missing", stateOf(component.guest, clusterOf([])), "not on the cluster"],
  ["another kind", on({ type: "lxc" }), "101 is another guest"],
  [
    "on a node that is offline",
    stateOf(component.guest, clusterOf([{ status: "unknown" }], [{ status: "offline" }])),
    "node pve1 is offline",
  ],
])("a guest that is %s has one message: the rest is skipped with the reason", (_name, state, reason) => {
  const outcomes = judged({ ...silent, proxmox: "fail" }, state);
  for (const name of ["ping", "ssh", "docker", "agent"]) {
    expect(outcomes[name]).toEqual({ status: "skipped", detail: reason });
  }
  expect(outcomes.proxmox?.status).toBe("fail");
});

test("a guest whose node says nothing is still asked itself", () => {
  expect(statusesOf(judged({ ...working, proxmox: "ok" }, on({ status: "unknown" })))).toMatchObject(working);
});

test.each([
  [0, "pending", "booting for 0 s: ssh says so"],
  [12, "pending", "booting for 12 s: ssh says so"],
  [119, "pending", "booting for 119 s: ssh says so"],
  [120, "fail", "ssh says so"],
  [121, "fail", "ssh says so"],
])("a failure %i s after the start is %s", (uptime, status, detail) => {
  expect(judged(silent, on({ uptime })).ssh).toMatchObject({ status, detail });
});

test.each(["backup", "snapshot", "snapshot-delete", "migrate", "rollback"])(
  "a failure while the guest is locked (%s) is pending, however long it is up",
  (lock) => {
    const outcomes = judged(silent, on({ lock, uptime: 1e6 }));
    expect(statusesOf(outcomes)).toMatchObject({ ping: "pending", ssh: "pending", agent: "pending" });
    expect(outcomes.ssh?.detail).toMatch(/^locked .*: ssh says so$/);
    expect(outcomes.ssh).not.toHaveProperty("hint");
  },
);

test("hibernation is not a lock that passes", () => {
  expect(judged(silent, on({ lock: "suspended" })).ssh?.status).toBe("fail");
});

test("what works while the guest boots or is locked is ok", () => {
  expect(statusesOf(judged(working, on({ uptime: 5 })))).toMatchObject(working);
  expect(statusesOf(judged(working, on({ lock: "backup" })))).toMatchObject(working);
});

test("a changed host key is not softened by booting, nor is what could not be determined", () => {
  const changed = { ssh: { code: "ssh-host-key-changed" } };
  expect(judged(silent, on({ uptime: 5 }), changed).ssh?.status).toBe("fail");
  expect(judged({ ...silent, ssh: "unknown" }, on({ uptime: 5 })).ssh?.status).toBe("unknown");
});

test("docker is skipped when SSH does not work, and so has no message of its own", () => {
  for (const status of ["fail", "unknown"] as const) {
    expect(judged({ ...working, ssh: status, docker: "fail" }, on({})).docker).toEqual({
      status: "skipped",
      detail: "ssh is not ok",
    });
  }
});

test("the agent is skipped when the API could not be asked; ping and SSH stand", () => {
  const outcomes = judged({ ...working, proxmox: "unknown", agent: "unknown" }, undefined);
  expect(statusesOf(outcomes)).toMatchObject({ ...working, proxmox: "unknown", agent: "skipped" });
});

test("a guest on another node than declared is asked for its agent all the same", () => {
  expect(judged({ ...working, proxmox: "warn" }, on({})).agent?.status).toBe("ok");
});

test("no answer to ping is a warning while SSH works", () => {
  expect(judged({ ...working, ping: "fail" }, on({})).ping).toMatchObject({
    status: "warn",
    detail: "ping says so, yet ssh works",
  });
  expect(judged({ ...working, ping: "fail", ssh: "fail" }, on({})).ping?.status).toBe("fail");
});

test.each([
  ["skipped while its guest is stopped", on({ status: "stopped" }), "skipped", "its guest web: stopped"],
  [
    "pending while its guest boots",
    on({ uptime: 12 }),
    "pending",
    "its guest web: booting for 12 s: refused",
  ],
  ["failed where its guest runs", on({}), "fail", "refused"],
  ["failed where the API does not say how its guest is", undefined, "fail", "refused"],
] as const)("a service is %s", (_what, state, status, detail) => {
  const service = serviceComponent({}, component.guest);
  const [answer] = inContext(
    service,
    [{ check: http, outcome: { status: "fail", detail: "refused" } }],
    state,
    grace,
  );
  expect(answer?.outcome).toEqual({ status, detail });
});

test("a service that runs elsewhere has no guest to wait for", () => {
  expect(leftOut(http, serviceComponent({}), on({ status: "stopped" }))).toBeUndefined();
});
