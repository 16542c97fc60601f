import type { GuestStatus } from "../../connect/proxmox/types.ts";
import { type Cluster, showsNoGuest } from "../../homelab/cluster.ts";
import { passingLock, stateOf } from "../../homelab/guest-state.ts";
import { roughDuration } from "../../model/duration.ts";
import type { ApiCheck, Outcome } from "../check.ts";
import type { GuestComponent } from "../component.ts";

/** What the API says about a guest. */
export const proxmox: ApiCheck<"guest"> = {
  asks: "api",
  of: "guest",
  name: "proxmox",
  summary: "the guest runs, says the Proxmox API",
  inside: false,
  run: async (component, context) => judge(component, await context.cluster(), context.environment),
};

const kindNames = { vm: "a VM", lxc: "a container" } as const;

function judge({ guest }: GuestComponent, cluster: Cluster, environment: string): Outcome {
  const { found, node, nodeOffline } = stateOf(guest, cluster);
  if (nodeOffline) {
    return {
      status: "unknown",
      detail: `node ${node} is offline`,
      code: "node-offline",
    };
  }
  if (found === undefined) return missing(guest.vmid, cluster, environment);
  if (found.type !== guest.type) {
    return {
      status: "fail",
      detail: `${guest.vmid} is ${kindNames[found.type]} named ${found.name}`,
      expected: kindNames[guest.type],
      actual: kindNames[found.type],
      code: "guest-kind",
      hint: `pve-home drift --env ${environment}`,
    };
  }
  if (!guest.started && found.status === "stopped") return { status: "ok", detail: "stopped, as declared" };
  if (found.status !== "running") return notRunning(found);
  const uptime = `running, up ${roughDuration(found.uptime * 1000)}`;
  const lock = passingLock(found);
  const detail = lock === undefined ? uptime : `${uptime}, ${lock}`;
  if (found.node === guest.node) return { status: "ok", detail };
  return {
    status: "warn",
    detail: `${detail}, on ${found.node}`,
    expected: `on ${guest.node}`,
    actual: `on ${found.node}`,
    code: "guest-moved",
  };
}

function missing(vmid: number, cluster: Cluster, environment: string): Outcome {
  if (showsNoGuest(cluster)) {
    return {
      status: "unknown",
      detail: "the API shows no guest at all",
      code: "guests-unseen",
      hint: "the token needs VM.Audit on /vms; how to give it: docs/privileges.md",
    };
  }
  return {
    status: "fail",
    detail: `not on the cluster (${vmid})`,
    expected: "running",
    actual: "missing",
    code: "guest-missing",
    hint: `pve-home drift --env ${environment}`,
  };
}

function notRunning(found: GuestStatus): Outcome {
  const { status, vmid, node, type } = found;
  const facts = { expected: "running", actual: status };
  if (status === "unknown") {
    return {
      status: "unknown",
      detail: `node ${node} does not say how it is`,
      code: "guest-unknown",
      ...facts,
    };
  }
  const lock = passingLock(found);
  // Backups in the modes "stop" and "suspend", and snapshots with memory, start the guest again by themselves.
  if (lock !== undefined) return { status: "pending", detail: `${status}, ${lock}`, ...facts };
  const program = type === "vm" ? "qm" : "pct";
  const verb = status === "stopped" ? "start" : "resume";
  return {
    status: "fail",
    detail: found.lock === "suspended" ? "hibernated" : status,
    code: `guest-${status}`,
    hint: `on ${node}: ${program} ${verb} ${vmid}`,
    ...facts,
  };
}
