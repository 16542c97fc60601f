import { z } from "zod";
import { isProblem } from "../../model/problem.ts";
import type { AgentState, CallOptions, GuestRef, ProxmoxClient } from "./types.ts";
import { segment } from "./values.ts";

/** Whether the QEMU agent answers, and if not, why. Everything else that fails is thrown, a 403 for example. */
export async function pingAgent(
  client: ProxmoxClient,
  guest: GuestRef,
  options: CallOptions = {},
): Promise<AgentState> {
  try {
    await client.post(`${agentPath(guest)}/ping`, {}, z.unknown(), { ...options, repeatable: true });
    return "answers";
  } catch (error) {
    const state = isProblem(error, "proxmox-error") ? agentStateOf(error.message) : undefined;
    if (state === undefined) throw error;
    return state;
  }
}

/** The text of a file inside a VM, at most 16 MiB, read by the QEMU agent. */
export async function readGuestFile(
  client: ProxmoxClient,
  guest: GuestRef & { path: string },
  options: CallOptions = {},
): Promise<string> {
  const query = { ...options.query, file: guest.path };
  const schema = z.object({ content: z.string() });
  return (await client.get(`${agentPath(guest)}/file-read`, schema, { ...options, query })).content;
}

/** What Proxmox's words about an agent that did not answer mean; undefined: they are about something else. */
function agentStateOf(message: string): AgentState | undefined {
  if (/no qemu guest agent configured/i.test(message)) return "agent-not-configured";
  if (/guest agent is not running/i.test(message)) return "agent-not-running";
  if (/VM \d+ (is )?not running/i.test(message)) return "guest-not-running";
  if (/got timeout|timed? ?out/i.test(message)) return "timeout";
  return undefined;
}

function agentPath({ node, vmid }: GuestRef): string {
  return `nodes/${segment(node)}/qemu/${vmid}/agent`;
}
