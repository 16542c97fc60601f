import type { JsonValue } from "../model/json.ts";
import { shorten } from "./terminal-text.ts";

const genericNames = new Set(["this", "main", "default"]);
const kinds: Record<string, string> = { container: "lxc" };
const longestValue = 200;

/**
 * A Terraform address as people say it: `module.vms["web"].proxmox_virtual_environment_vm.this` is `vm web`.
 * What is no such address (`vm/105 (leftover)`) comes back as it is.
 */
export function friendlySubject(subject: string): string {
  const steps = stepsOf(subject);
  const resource = steps?.at(-1);
  const type = steps?.at(-2);
  if (steps === undefined || resource === undefined || type === undefined || type.key !== undefined)
    return subject;
  const kind = kindOf(type.name);
  const own = [genericNames.has(resource.name) ? undefined : resource.name, resource.key]
    .filter(isPresent)
    .join(" ");
  const owner = steps.slice(0, -2).findLast((step) => step.key !== undefined) ?? steps.slice(0, -2).at(-1);
  const ownerName = owner?.name === "data" ? undefined : (owner?.key ?? owner?.name);
  if (ownerName === undefined) return own === "" ? `${kind} ${resource.name}` : `${kind} ${own}`;
  return own === "" ? `${kind} ${ownerName}` : `${kind} ${own} of ${ownerName}`;
}

interface Step {
  name: string;
  /** The index of `for_each`, or a `count` above zero. */
  key: string | undefined;
}

function stepsOf(address: string): Step[] | undefined {
  const step = /(?:^|\.)([A-Za-z_][\w-]*)(?:\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\])?/gy;
  const steps: Step[] = [];
  let end = 0;
  for (const [text, name = "", key, number] of address.matchAll(step)) {
    end += text.length;
    if (name !== "module") steps.push({ name, key: key ?? (number === "0" ? undefined : number) });
  }
  return end === address.length && steps.length >= 2 ? steps : undefined;
}

function kindOf(type: string): string {
  const kind = type.replace(/^proxmox_(?:virtual_environment_)?/, "").replaceAll("_", " ");
  return kinds[kind] ?? kind;
}

function isPresent(text: string | undefined): text is string {
  return text !== undefined;
}

/** A value of an attribute on one line; `(none)` where there is none. */
export function friendlyValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "(none)";
  if (value === "") return '""';
  return shorten(typeof value === "string" ? value : JSON.stringify(value), longestValue);
}
