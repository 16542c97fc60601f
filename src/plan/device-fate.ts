import { type DeviceBlock, deviceBlocksOf } from "./device-blocks.ts";
import type { GuestPlace } from "./guest-place.ts";
import { topLevelOf } from "./leaf-paths.ts";
import { type Given, isOwn, plannedLeaves } from "./own-leaves.ts";
import type { ResourceChange } from "./plan-json.ts";

/** What applying does with a device that the code does not have: a detached disk stays on its storage. */
export type DeviceFate = "detached" | "destroyed";

/**
 * What applying a change does with the devices of a block of its guest that the code does not have; undefined where
 * they stay. `given`: see `configuredAttributes`.
 */
export function fatesOf(
  change: ResourceChange,
  given: Given,
): (block: DeviceBlock) => DeviceFate | undefined {
  const { action } = change;
  if (action === "replace" || action === "delete") return () => "destroyed";
  const own = plannedLeaves(change).filter((leaf) => isOwn(change, leaf, given));
  const changed = new Set(own.map(({ path }) => topLevelOf(path)));
  return ({ block, update }) =>
    action === "update" && update === "removes" && block !== undefined && changed.has(block)
      ? "detached"
      : undefined;
}

/** Whether applying a change may take a device from its guest. */
export function mayTake({ type }: ResourceChange, fateOf: ReturnType<typeof fatesOf>): boolean {
  return deviceBlocksOf(type).some((block) => fateOf(block) !== undefined);
}

/** `on pve1: qm set 201 --delete scsi5,net1`: takes devices from a guest; the volume of a disk becomes `unusedN`. */
export function removingByHand({ type, node, vmid }: GuestPlace, keys: readonly string[]): string {
  return `on ${node}: ${type === "lxc" ? "pct" : "qm"} set ${vmid} --delete ${keys.join(",")}`;
}
