import { isObject, type JsonObject } from "../plan/json.ts";

/** The name it has at present, and its number; a container's name is its host name. */
export function guestOf(before: JsonObject, after: JsonObject, address: string) {
  const vmid = [before.vm_id, before.id, after.vm_id]
    .map(Number)
    .find((id) => Number.isInteger(id) && id > 0);
  return {
    guest: nameOf(before) ?? nameOf(after) ?? address,
    ...(vmid === undefined ? {} : { vmid }),
  };
}

function nameOf({ name, initialization }: JsonObject): string | undefined {
  if (typeof name === "string" && name !== "") return name;
  const block = Array.isArray(initialization) ? initialization[0] : undefined;
  const hostname = isObject(block) ? block.hostname : undefined;
  return typeof hostname === "string" && hostname !== "" ? hostname : undefined;
}
