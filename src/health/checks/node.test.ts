import { expect, test } from "vitest";
import { clusterOf, contextOf, guestComponent } from "../health.test-helper.ts";
import { runFor } from "../run-for.ts";
import { node } from "./node.ts";

test.each([
  ["online", { status: "ok", detail: "online, up 10 d" }],
  ["offline", { status: "fail", code: "node-offline", expected: "online", actual: "offline" }],
  ["unknown", { status: "unknown", code: "node-unknown" }],
] as const)("a node that is %s", async (status, expected) => {
  const context = contextOf({ cluster: async () => clusterOf([], [{ status }]) });
  expect(await node.run({ type: "node", name: "pve1" }, context)).toMatchObject(expected);
});

test("a node that is not there fails and names those that are", async () => {
  const context = contextOf({ cluster: async () => clusterOf([], [{}, { node: "pve2" }]) });
  expect(await node.run({ type: "node", name: "pve9" }, context)).toMatchObject({
    status: "fail",
    code: "node-missing",
    detail: "not in the cluster; there is pve1, pve2",
  });
});

test("applies to nodes alone", () => {
  expect(runFor(node, { type: "node", name: "pve1" })).toBeDefined();
  expect(runFor(node, guestComponent({}))).toBeUndefined();
});
