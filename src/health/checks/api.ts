import { listNodeAddresses, version } from "../../connect/proxmox/nodes.ts";
import type { CallOptions, ProxmoxClient } from "../../connect/proxmox/types.ts";
import { isProblem, type Problem } from "../../model/problem.ts";
import type { ApiCheck, Outcome } from "../check.ts";

/** Of the check's time for the endpoint itself; the rest is for asking the others about it. */
const ownShare = 0.8;
const silences = new Set(["proxmox-unreachable", "proxmox-timeout", "proxmox-tls"]);

/** Whether each endpoint answers: all others go on without one, and nothing else would tell. */
export const api: ApiCheck<"api"> = {
  asks: "api",
  of: "api",
  name: "api",
  summary: "each endpoint of the Proxmox API answers, where proxmox.endpoints names several",
  inside: false,
  run: async ({ endpoint }, context): Promise<Outcome> => {
    const client = context.proxmox();
    const left = () => Math.max(0, context.deadline - context.clock.now());
    const { signal } = context;
    try {
      const found = await version(client, { endpoint, limitMs: left() * ownShare, signal });
      return { status: "ok", detail: `answers, Proxmox VE ${found.version}` };
    } catch (error) {
      if (!isProblem(error) || !silences.has(error.code)) throw error;
      const nodes = await nodesSeen(client, { limitMs: left(), signal });
      // Where none answers it may be this machine's network.
      if (nodes === undefined) throw error;
      const node = nodeAt(new URL(endpoint), nodes);
      return {
        status: "fail",
        detail: node === undefined ? error.message : `node ${node}: ${error.message}`,
        expected: "answers",
        actual: "no answer",
        code: error.code,
        hint: tlsHint(error) ?? `on ${node ?? "the node"}: systemctl status pveproxy`,
      };
    }
  },
};

function tlsHint({ code, hint }: Problem): string | undefined {
  return code === "proxmox-tls" ? hint : undefined;
}

type NodeAddress = Awaited<ReturnType<typeof listNodeAddresses>>[number];

/** The nodes, as an endpoint that answers knows them: none where the token may not see them; undefined: none answers. */
async function nodesSeen(client: ProxmoxClient, options: CallOptions): Promise<NodeAddress[] | undefined> {
  try {
    return await listNodeAddresses(client, options);
  } catch (error) {
    return isProblem(error) && silences.has(error.code) ? undefined : [];
  }
}

/** The one node that has the address or the name. */
function nodeAt({ hostname }: URL, nodes: readonly NodeAddress[]): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, "");
  const found = nodes.filter(
    ({ name, address }) => host === address || host === name || host.startsWith(`${name}.`),
  );
  return found.length === 1 ? found[0]?.name : undefined;
}
