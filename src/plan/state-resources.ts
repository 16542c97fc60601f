import type { JsonValue } from "../model/json.ts";
import { childOf, isObject, type JsonObject } from "../model/json.ts";

/** A managed resource of a state, with its attributes. */
export interface StateResource {
  address: string;
  type: string;
  values: JsonObject;
}

/** The managed resources of a state as `show -json` gives it (also `prior_state` of a plan); none in an empty state. */
export function stateResources(state: unknown): StateResource[] {
  const found: StateResource[] = [];
  if (isObject(state)) collect(childOf(state.values, "root_module"), found);
  return found;
}

function collect(module: JsonValue | undefined, found: StateResource[]): void {
  for (const resource of listAt(module, "resources")) {
    if (!isObject(resource) || resource.mode !== "managed") continue;
    const { address, type, values } = resource;
    if (typeof address !== "string" || typeof type !== "string") continue;
    found.push({ address, type, values: isObject(values) ? values : {} });
  }
  for (const child of listAt(module, "child_modules")) collect(child, found);
}

function listAt(value: JsonValue | undefined, key: string): JsonValue[] {
  const list = childOf(value, key);
  return Array.isArray(list) ? list : [];
}
