// Addresses as plans write them: `module.vms["web"].proxmox_virtual_environment_vm.this[0]`.

/** The names in an address without keys: `["module", "vms", "proxmox_virtual_environment_vm", "this"]`. */
export function namesIn(address: string): string[] {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, "").split(".");
}
