import type { JsonValue } from "../../model/json.ts";
import { childOf, type JsonObject } from "../../model/json.ts";

// What a provider does to a running guest when it updates it in place. The tables beside this file say it for
// bpg/proxmox 0.111.1, each line with its place in https://github.com/bpg/terraform-provider-proxmox/tree/v0.111.1.

/**
 * - `power-cycle`: off and on again, so that the change takes effect.
 * - `needs-off`: likewise, and without being off it cannot be done at all.
 * - `restart`: by the agent where it is enabled, else off and on again.
 * - `impossible`: refused, whether the guest runs or not.
 */
export type UpdateEffect =
  | "none"
  | "power-cycle"
  | "needs-off"
  | "restart"
  | "reboot"
  | "stopped"
  | "migrated"
  | "impossible";

/** A resource before and after. */
export interface Sides {
  before: JsonObject;
  after: JsonObject;
}

export interface EffectRule {
  effect: UpdateEffect | ((sides: Sides) => UpdateEffect);
  /** File and line of the provider. */
  source: string;
}

/** By attribute or block of the top level. */
export type EffectRules = Readonly<Record<string, EffectRule>>;

export function rule(effect: EffectRule["effect"], source: string): EffectRule {
  return { effect, source };
}

/** The first block of a name, on both sides; without attributes where there is none. */
export function blocks({ before, after }: Sides, name: string): Sides {
  return { before: firstOf(before[name]), after: firstOf(after[name]) };
}

function firstOf(value: JsonValue | undefined): JsonObject {
  const first = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "object" && first !== null && !Array.isArray(first) ? first : {};
}

/** Names of the attributes that differ. */
export function differing({ before, after }: Sides): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !sameToProvider(childOf(before, key), childOf(after, key)));
}

/**
 * Equal as the provider's SDK sees it: what is not set is the same as false, 0, an empty text or list. An imported
 * guest's state is full of such differences.
 */
export function sameToProvider(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (isZero(a) || isZero(b)) return isZero(a) && isZero(b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameToProvider(Reflect.get(a, key), Reflect.get(b, key)));
}

function isZero(value: JsonValue | undefined): boolean {
  if (typeof value !== "object" || value === null) return !value;
  return Array.isArray(value) && value.length === 0;
}

export function numberAt(values: JsonObject, key: string): number {
  const value = values[key];
  return typeof value === "number" ? value : 0;
}

export function textAt(values: JsonObject, key: string): string {
  const value = values[key];
  return typeof value === "string" ? value : "";
}
