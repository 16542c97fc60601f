import type { GuestKind } from "../world.ts";
import { complaint, type ParameterRule } from "./parameter.ts";
import { callRule, configRule, type GuestCall } from "./rules.ts";

const unknownKey = "property is not defined in schema and the schema does not allow additional properties";

/** What Proxmox says about the parameters of a call, by name; undefined where nothing is wrong. */
export function wrongParameters(
  kind: GuestKind,
  call: GuestCall,
  sent: Iterable<readonly [string, string]>,
): Record<string, string> | undefined {
  return collect(sent, (key) => callRule(kind, call, key));
}

/** The same for keys of a configuration alone. */
export function wrongConfig(
  kind: GuestKind,
  config: Iterable<readonly [string, string]>,
): Record<string, string> | undefined {
  return collect(config, (key) => configRule(kind, key));
}

/** What Proxmox says about keys that are to be deleted: `unknown option`. */
export function wrongDeletion(kind: GuestKind, keys: readonly string[]): Record<string, string> | undefined {
  const unknown = keys.find((key) => configRule(kind, key) === undefined);
  return unknown === undefined ? undefined : { delete: `unknown option '${unknown}'` };
}

function collect(
  sent: Iterable<readonly [string, string]>,
  ruleOf: (key: string) => ParameterRule | undefined,
): Record<string, string> | undefined {
  const errors: Record<string, string> = {};
  for (const [key, value] of sent) {
    const rule = ruleOf(key);
    const wrong = rule === undefined ? unknownKey : complaint(rule, value, key);
    if (wrong !== undefined) errors[key] = wrong;
  }
  return Object.keys(errors).length === 0 ? undefined : errors;
}
