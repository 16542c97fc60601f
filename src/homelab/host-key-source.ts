import { readGuestFile } from "../connect/proxmox/agent.ts";
import { guestConfig } from "../connect/proxmox/guests.ts";
import type { GuestStatus, ProxmoxClient } from "../connect/proxmox/types.ts";
import { sshExecRetry } from "../connect/ssh/exec-retry.ts";
import type { SshSession } from "../connect/ssh/types.ts";
import { isProblem, Problem } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";

/** Where sshd keeps the key that every release of the last ten years makes. */
const keyFile = "/etc/ssh/ssh_host_ed25519_key.pub";

/** The ways into a guest that do not depend on its host key. */
export interface HostKeySource {
  proxmox: ProxmoxClient;
  /** The session of a node, to read containers through; throws a Problem where its address is not configured. */
  nodeSsh: (node: string) => SshSession | Promise<SshSession>;
  /** Limit of one question, in milliseconds. */
  timeoutMs: number;
  log: Log;
}

/**
 * The guest's own ed25519 public key, `ssh-ed25519 BASE64`, as it is on its disk: from the QEMU agent of a VM,
 * through the node of a container. Fails with the Problem of that way, or `host-key-unreadable`.
 */
export async function readHostKey(guest: GuestStatus, source: HostKeySource): Promise<string> {
  const text = guest.type === "vm" ? await fromAgent(guest, source) : await fromNode(guest, source);
  const key = parsePublicKey(text);
  if (key !== undefined) return key;
  const [first = ""] = text.split("\n");
  throw unreadable(guest, `${keyFile} holds no ed25519 public key: "${first.slice(0, 80)}"`);
}

/**
 * What distinguishes this guest from one that was re-created in its place: the UUID of a VM, the first network card's
 * address of a container (both are random, set when the guest is created). Null where neither is there.
 */
export async function readIdentity(guest: GuestStatus, source: HostKeySource): Promise<string | null> {
  const config = await guestConfig(source.proxmox, guest);
  const wanted =
    guest.type === "vm"
      ? /(?:^|,)uuid=([0-9a-f-]{36})(?:,|$)/i.exec(String(config.smbios1 ?? ""))
      : /(?:^|,)hwaddr=([0-9a-f:]{17})(?:,|$)/i.exec(String(config.net0 ?? ""));
  return wanted?.[1]?.toLowerCase() ?? (guest.type === "vm" ? generationOf(config) : null);
}

function generationOf(config: Record<string, string | number>): string | null {
  const { vmgenid } = config;
  // 0 and 1 stand for "none" and "make one".
  return typeof vmgenid === "string" && vmgenid.length === 36 ? vmgenid.toLowerCase() : null;
}

async function fromAgent(guest: GuestStatus, { proxmox }: HostKeySource): Promise<string> {
  try {
    return await readGuestFile(proxmox, { node: guest.node, vmid: guest.vmid, path: keyFile });
  } catch (error) {
    if (!isProblem(error, "proxmox-error")) throw error;
    throw unreadable(
      guest,
      `the QEMU agent did not give it: ${error.message}`,
      "switch the agent on (agent = true) and install qemu-guest-agent on the guest",
    );
  }
}

async function fromNode(guest: GuestStatus, source: HostKeySource): Promise<string> {
  const session = await source.nodeSsh(guest.node);
  const { timeoutMs, log } = source;
  const command = `pct exec ${guest.vmid} -- cat ${keyFile}`;
  const result = await sshExecRetry(session, command, { timeoutMs, log }).catch((error: unknown) => {
    throw isProblem(error) ? nodeProblem(error, guest, session) : error;
  });
  if (result.exitCode === 0) return result.stdout;
  // What comes first may be the banner.
  const why = result.stderr.trim().split("\n").at(-1) || `exit code ${result.exitCode}`;
  throw unreadable(guest, `node ${guest.node} did not give it: ${why}`, `on ${guest.node}: ${command}`);
}

/** Whose key it is decides what helps: `hosts trust` reads those of guests, and never learns a node's. */
function nodeProblem(problem: Problem, guest: GuestStatus, { target }: SshSession): Problem {
  const unknown = problem.code === "ssh-host-key-unknown";
  if (!unknown && problem.code !== "ssh-host-key-changed") return problem;
  const { node } = guest;
  const setting = `ssh: { nodes: { ${node}: { address: ${target.host}, host_key: ssh-ed25519 AAAA… } } }`;
  return new Problem({
    kind: "undetermined",
    code: unknown ? "node-host-key-unknown" : "node-host-key-changed",
    message: unknown
      ? `${guest.name} is read through its node ${node}, and the host key of ${node} at ${target.host} is not known`
      : `${guest.name} is read through its node ${node}, and ${target.host} shows another host key than the one that is known of ${node}`,
    hint: `in the shell of ${node}: cat ${keyFile}; then in pve-home.yaml: ${setting}`,
    cause: problem,
  });
}

function unreadable(guest: GuestStatus, why: string, hint?: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "host-key-unreadable",
    message: `the host key of ${guest.name} cannot be read: ${why}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

// RFC 8709: two strings with their lengths, the algorithm's name and 32 bytes.
const wirePrefix = Buffer.from("\0\0\0\x0bssh-ed25519\0\0\0\x20", "latin1");

function parsePublicKey(text: string): string | undefined {
  const [, encoded] = /^ssh-ed25519 ([A-Za-z0-9+/]{68})(?: [^\n]*)?\s*$/.exec(text) ?? [];
  if (encoded === undefined) return undefined;
  const wire = Buffer.from(encoded, "base64");
  const sound =
    wire.length === wirePrefix.length + 32 && wire.subarray(0, wirePrefix.length).equals(wirePrefix);
  return sound ? `ssh-ed25519 ${encoded}` : undefined;
}
