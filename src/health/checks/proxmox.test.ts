import { expect, test } from "vitest";
import type { GuestStatus } from "../../connect/proxmox/types.ts";
import type { Cluster } from "../../homelab/cluster.ts";
import type { Outcome } from "../check.ts";
import { clusterOf, contextOf, guestComponent, problem } from "../health.test-helper.ts";
import { proxmox } from "./proxmox.ts";

const component = guestComponent({});

function run(cluster: Cluster): Promise<Outcome> {
  return proxmox.run(component, contextOf({ cluster: async () => cluster }));
}

const running = (facts: Partial<GuestStatus>) => run(clusterOf([facts]));

test("a running guest is ok and says how long it is up", async () => {
  expect(await running({ uptime: 7300 })).toEqual({ status: "ok", detail: "running, up 2 h" });
});

test("a guest that is declared as stopped and is stopped is well; one that runs is, too", async () => {
  const declared = guestComponent({ started: false });
  const outcome = (facts: Partial<GuestStatus>) =>
    proxmox.run(declared, contextOf({ cluster: async () => clusterOf([facts]) }));
  expect(await outcome({ status: "stopped" })).toEqual({ status: "ok", detail: "stopped, as declared" });
  expect(await outcome({ uptime: 7300 })).toEqual({ status: "ok", detail: "running, up 2 h" });
  expect(await outcome({ status: "paused" })).toMatchObject({ status: "fail", code: "guest-paused" });
});

test("a lock is mentioned", async () => {
  expect(await running({ lock: "backup" })).toMatchObject({
    status: "ok",
    detail: "running, up 1 d, locked by a backup",
  });
});

test.each([
  ["stopped", "vm", "on pve1: qm start 101"],
  ["paused", "vm", "on pve1: qm resume 101"],
  ["stopped", "lxc", "on pve1: pct start 101"],
] as const)("a %s %s fails with the command that mends it", async (status, type, hint) => {
  const outcome = await proxmox.run(
    guestComponent({ type }),
    contextOf({ cluster: async () => clusterOf([{ status, type }]) }),
  );
  expect(outcome).toEqual({
    status: "fail",
    detail: status,
    expected: "running",
    actual: status,
    code: `guest-${status}`,
    hint,
  });
});

test("a hibernated guest fails and says so", async () => {
  expect(await running({ status: "stopped", lock: "suspended" })).toMatchObject({
    status: "fail",
    detail: "hibernated",
  });
});

test.each(["stopped", "paused"] as const)("a guest that a backup has %s is pending", async (status) => {
  expect(await running({ status, lock: "backup" })).toMatchObject({
    status: "pending",
    detail: `${status}, locked by a backup`,
  });
});

test("a guest of which its node says nothing is unknown", async () => {
  expect(await running({ status: "unknown" })).toMatchObject({ status: "unknown", code: "guest-unknown" });
});

test("a guest on a node that is offline is unknown and names the node", async () => {
  const cluster = clusterOf([{ status: "unknown" }], [{ status: "offline" }]);
  expect(await run(cluster)).toMatchObject({
    status: "unknown",
    code: "node-offline",
    detail: "node pve1 is offline",
  });
});

test("a guest that is not there fails", async () => {
  const outcome = await run(clusterOf([{ vmid: 102 }]));
  expect(outcome).toMatchObject({ status: "fail", code: "guest-missing", actual: "missing" });
  expect(outcome.detail).toContain("not on the cluster");
  expect(outcome.hint).toBe("pve-home drift --env prod");
});

test("where no guest at all is seen, nothing can be said, and the token is suspected", async () => {
  expect(await run(clusterOf([]))).toMatchObject({
    status: "unknown",
    code: "guests-unseen",
    detail: "the API shows no guest at all",
    hint: expect.stringContaining("VM.Audit"),
  });
});

test("another kind of guest with that number fails", async () => {
  expect(await running({ type: "lxc", name: "dns" })).toMatchObject({
    status: "fail",
    code: "guest-kind",
    detail: "101 is a container named dns",
    expected: "a VM",
    actual: "a container",
  });
});

test("a guest on another node than declared is a warning", async () => {
  expect(await running({ node: "pve2" })).toMatchObject({
    status: "warn",
    code: "guest-moved",
    expected: "on pve1",
    actual: "on pve2",
  });
});

test("the API's Problem goes through", async () => {
  const context = contextOf({ cluster: () => Promise.reject(problem("proxmox-unreachable")) });
  await expect(proxmox.run(component, context)).rejects.toMatchObject({ code: "proxmox-unreachable" });
});
