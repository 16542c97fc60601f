import { hasFault } from "../../core.ts";
import { guestReady } from "../../guest.ts";
import { type Agent, AgentError } from "../../machines/agent.ts";
import type { Guest } from "../../world.ts";
import { failure } from "../errors.ts";
import { guestOf } from "../guests.ts";
import type { Call } from "../route.ts";

export const agentBase = "nodes/{node}/qemu/{vmid}/agent";

/**
 * The guest that a call's path names, its agent answering.
 * @throws ApiError the three refusals of assert_agent_available in PVE::QemuServer::Agent
 */
export function answering(call: Call): Guest {
  const guest = guestOf(call, "qemu");
  const { world, now, machines } = call.lab;
  if (guest.config.agent === undefined) throw failure("No QEMU guest agent configured");
  if (guest.status !== "running") throw failure(`VM ${guest.vmid} is not running`);
  const ready = machines || (guest.inside.agent === "running" && guestReady(world, guest, now()));
  if (!ready || hasFault(world, "agent-silent", guest.vmid)) throw failure("QEMU guest agent is not running");
  return guest;
}

/**
 * Asks the agent in a machine; undefined where guests are no machines.
 * @throws ApiError 500 with the agent's words, or Proxmox's where it does not answer
 */
export function realAgent(call: Call, guest: Guest): Agent["call"] | undefined {
  if (!call.lab.machines) return undefined;
  const agent = call.lab.machines.agent(guest);
  return async (command, parameters) => {
    if (!agent) throw failure("QEMU guest agent is not running");
    try {
      return await agent.call(command, parameters);
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      throw failure(error.code === "refused" ? `Agent error: ${error.message}` : error.message);
    }
  };
}
