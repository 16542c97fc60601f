import type { AttributeChange } from "./drift.ts";
import type { GuestKind } from "./guest-kind.ts";

export const plannedActions = ["create", "update", "replace", "delete", "forget", "import", "move"] as const;

/** `forget`: it stays on Proxmox, and the state loses it. `move`: it is renamed in the state alone. */
export type PlannedAction = (typeof plannedActions)[number];

/** A resource to which applying would do something. */
export interface PlannedResource {
  /** Terraform address: `module.vms["web"].proxmox_…` */
  address: string;
  action: PlannedAction;
  /** Why it is replaced or deleted, what it is imported as, or where it was. */
  detail?: string;
  /** For `update` and `replace`: what runs → what the code wants; what forces a replacement comes first. */
  changes: AttributeChange[];
}

export const guestEffects = [
  "loses-device",
  "replaced",
  "destroyed",
  "stopped",
  "stop-start",
  "reboot",
  "may-restart",
  "refused",
  "migrated",
  "after-reboot",
] as const;

/**
 * What happens to a guest that runs, worst first.
 *
 * - `loses-device`: a device that it has on Proxmox, and that was never declared, is detached or destroyed, whether
 *   the guest runs or not.
 * - `may-restart`: the effect of an attribute that changes is not known, or its value is not known yet.
 * - `refused`: applying fails, because the provider does this never (a smaller disk), or only while the guest is off,
 *   and may not turn it off; or because no token may remove a device that is not declared.
 * - `migrated`: moves to another node while it runs.
 * - `after-reboot`: keeps running as it was until it is rebooted.
 */
export type GuestEffect = (typeof guestEffects)[number];

/** A guest that feels a plan, whatever Terraform calls the change. */
export interface GuestForecast {
  /** Address of the resource whose change does it. */
  address: string;
  kind: GuestKind;
  /** Its name on Proxmox where that is known. */
  guest: string;
  vmid?: number;
  effect: GuestEffect;
  /** Attributes that lead to it. */
  causes: string[];
  /** Why it is replaced or destroyed, where no attribute leads to it. */
  reason?: string;
  /** The node it is on; told with `devices`. */
  node?: string;
  /**
   * `loses-device`: which, by its key on Proxmox (`scsi5`), and what matters of its value. `refused`: those that no
   * token may remove.
   */
  devices?: { key: string; value: string }[];
  /** `loses-device`: a detached disk stays on its storage, as `unusedN` of the guest; a destroyed one is gone. */
  fate?: "detached" | "destroyed";
}

const interrupting: readonly GuestEffect[] = [
  "replaced",
  "destroyed",
  "stopped",
  "stop-start",
  "reboot",
  "may-restart",
];

/** Whether the guest is away for a while, or for good, or might be. */
export function interrupts({ effect }: GuestForecast): boolean {
  return interrupting.includes(effect);
}

/** `unknown`: there is no plan; `problem` says why. */
export type PlanStatus = "none" | "changes" | "unknown";

export interface PlanReport {
  environment: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  status: PlanStatus;
  resources: PlannedResource[];
  /** How many resources stay as they are. */
  unchanged: number;
  /** Names of the outputs that change. */
  outputs: string[];
  /** Guests that feel it, worst first; one that loses a device may be listed once more for what else happens to it. */
  forecast: GuestForecast[];
  /** What is worth knowing, a line each: about the provider's version, or what a template brings. */
  notes?: string[];
  problem?: { code: string; message: string; hint?: string };
}

/** What applying has done: addresses. A replaced resource is both destroyed and created. */
export interface ApplyOutcome {
  environment: string;
  durationMs: number;
  created: string[];
  changed: string[];
  destroyed: string[];
}

/** `scsi5 (local-lvm:vm-201-disk-3, 8G), usb1 (spice)` */
export function namesOf(devices: readonly { key: string; value: string }[]): string {
  return devices.map(({ key, value }) => `${key} (${value})`).join(", ");
}
