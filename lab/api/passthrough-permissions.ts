import { parseProperties } from "../config/property-string.ts";
import { failure } from "./errors.ts";
import { type KeyOwner, requireOnGuest } from "./key-owner.ts";
import { type Call, requirePrivileges } from "./route.ts";

/** Devices of the node that a VM is given: who may set or delete one depends on its value. */
export const passthroughKey = /^(hostpci|serial|usb|virtiofs)\d+$/;

/**
 * Checks that a caller other than root@pam may set such a key to `value`, or change or delete one that has it.
 * Source: check_usb_perm, check_hostpci_perm, check_dir_perm and the serial ports of PVE::API2::Qemu.
 * @throws ApiError 403, and 500 `only root can set '…' config for …`
 */
export function requirePassthrough(call: Call, owner: KeyOwner, key: string, value: string): void {
  const rootOnly = (what: string) => failure(`only root can set '${key}' config for ${what}`);
  const mapped = (kind: string, name: string) =>
    requirePrivileges(call, `/mapping/${kind}/${name}`, ["Mapping.Use"]);
  const [kind = ""] = /^[a-z]+/.exec(key) ?? [];
  const device = parseProperties(value, kind === "virtiofs" ? "dirid" : "host");
  const [host, mapping] = [device.get("host"), device.get("mapping")];
  const privilege = kind === "virtiofs" ? "VM.Config.Disk" : "VM.Config.HWType";
  requireOnGuest(call, owner, [privilege]);
  if (kind === "virtiofs") mapped("dir", device.get("dirid") ?? "");
  else if (kind === "serial") {
    if (value !== "socket") throw rootOnly("real devices");
  } else if (host !== undefined) {
    if (kind === "hostpci") throw rootOnly("non-mapped devices");
    if (!/^spice$/i.test(host)) throw rootOnly("real devices");
  } else if (mapping === undefined) throw failure("either 'host' or 'mapping' must be set.");
  else mapped(kind === "usb" ? "usb" : "pci", mapping);
}
