import { expect, test } from "vitest";
import { clusterOf, contextOf, fakeProxmox, guestComponent, problem } from "../health.test-helper.ts";
import { runFor } from "../run-for.ts";
import { agent } from "./agent.ts";

const component = guestComponent({ agent: true });

function run(reply: unknown, node = "pve1") {
  const proxmox = fakeProxmox({ [`nodes/${node}/qemu/101/agent/ping`]: reply });
  return agent.run(
    component,
    contextOf({ cluster: async () => clusterOf([{ node }]), proxmox: () => proxmox }),
  );
}

const refusal = (message: string) => () => {
  throw problem("proxmox-error", message);
};

test("an agent that answers is ok", async () => {
  expect(await run({ result: {} })).toEqual({ status: "ok", detail: "answers" });
});

test.each([
  ["QEMU guest agent is not running", { status: "fail", code: "agent-not-running" }],
  ["No QEMU guest agent configured", { status: "fail", code: "agent-not-configured" }],
  ["VM 101 qmp command 'guest-ping' failed - got timeout", { status: "fail", code: "agent-silent" }],
  ["VM 101 is not running", { status: "skipped" }],
])("%s", async (message, expected) => {
  expect(await run(refusal(message))).toMatchObject(expected);
});

test("it is asked on the node where the guest is, not where it is declared", async () => {
  expect(await run({ result: {} }, "pve2")).toMatchObject({ status: "ok" });
});

test("a missing privilege goes through", async () => {
  const forbidden = () => {
    throw problem("proxmox-forbidden", "Permission check failed (/vms/101, VM.GuestAgent.Audit)");
  };
  await expect(run(forbidden)).rejects.toMatchObject({ code: "proxmox-forbidden" });
});

test("applies to VMs with an agent alone", () => {
  expect(runFor(agent, component)).toBeDefined();
  expect(runFor(agent, guestComponent({ agent: false }))).toBeUndefined();
  expect(runFor(agent, guestComponent({ agent: true, type: "lxc" }))).toBeUndefined();
});
