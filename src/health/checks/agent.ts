import { pingAgent } from "../../connect/proxmox/agent.ts";
import type { AgentState } from "../../connect/proxmox/types.ts";
import { stateOf } from "../../homelab/guest-state.ts";
import type { ApiCheck, Outcome } from "../check.ts";

/** Whether the QEMU guest agent answers, where it is meant to. */
export const agent: ApiCheck<"guest"> = {
  asks: "api",
  of: "guest",
  name: "agent",
  summary: "the QEMU guest agent answers, where the inventory says `agent: true`",
  inside: true,
  needs: "proxmox",
  applies: ({ type, guest }) => type === "vm" && guest.agent,
  run: async ({ guest }, context) => {
    // Where it is now, which need not be where it is declared.
    const { node } = stateOf(guest, await context.cluster());
    const where = { node, vmid: guest.vmid };
    return outcomes[await pingAgent(context.proxmox(), where, { signal: context.signal })];
  },
};

const install = "on the guest: apt install qemu-guest-agent && systemctl start qemu-guest-agent";

const outcomes: Record<AgentState, Outcome> = {
  answers: { status: "ok", detail: "answers" },
  "agent-not-running": {
    status: "fail",
    detail: "the QEMU agent is not running",
    expected: "answers",
    actual: "not running",
    code: "agent-not-running",
    hint: install,
  },
  "agent-not-configured": {
    status: "fail",
    detail: "the QEMU agent is switched off in the VM's options",
    expected: "switched on",
    actual: "switched off",
    code: "agent-not-configured",
    hint: "Options → QEMU Guest Agent; the VM has to be stopped and started once",
  },
  "guest-not-running": { status: "skipped", detail: "stopped meanwhile" },
  timeout: {
    status: "fail",
    detail: "the QEMU agent does not answer",
    expected: "answers",
    actual: "silent",
    code: "agent-silent",
    hint: "on the guest: systemctl restart qemu-guest-agent",
  },
};
