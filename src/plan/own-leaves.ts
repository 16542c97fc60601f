import { changedLeaves, isRelated, type LeafChange } from "./leaf-paths.ts";
import type { ResourceChange } from "./plan-json.ts";

/** Tells of an address and an attribute whether the code may give it; see `configuredAttributes`. */
export type Given = (address: string, path: string) => boolean;

/** The leaves that applying would change. */
export function plannedLeaves({ action, sides }: ResourceChange): LeafChange[] {
  return action === "update" || action === "replace" ? changedLeaves(sides) : [];
}

/**
 * Whether a leaf is a change of its own. An attribute the provider computes is not: it is unknown only because
 * something else about its resource changes.
 */
export function isOwn(change: ResourceChange, { path, unknown }: LeafChange, given: Given): boolean {
  if (unknown !== true) return true;
  return change.action === "replace" ? forces(change, path) : given(change.address, path);
}

/** Whether an attribute is, holds or lies in one that forces the replacement. */
export function forces({ replacePaths }: ResourceChange, path: string): boolean {
  return replacePaths.some((forcing) => isRelated(forcing, path));
}
