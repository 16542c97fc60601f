import { LabError } from "./lab-error.ts";

/** @throws LabError `option-invalid` for what Proxmox takes for no node's name (pve-node in PVE::JSONSchema) */
export function checkNodeNames(names: readonly string[]): void {
  const wrong = names.find((name) => !/^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(name));
  if (wrong === undefined) return;
  throw new LabError("option-invalid", `"${wrong}" is no name of a node: letters, digits and inner dashes`);
}
