import { deleteConfig, setConfig } from "../../config/apply.ts";
import { volidOf } from "../../config/drive.ts";
import { diskKey, mountKey } from "../../config/keys.ts";
import { parseProperties, printProperties } from "../../config/property-string.ts";
import { parseSize, printSize } from "../../config/size.ts";
import { wrongDeletion } from "../../config/verify.ts";
import { digestOf } from "../../guest.ts";
import { findVolume, splitVolid } from "../../volumes.ts";
import type { Guest, GuestKind } from "../../world.ts";
import { failure, parameterError } from "../errors.ts";
import { guestOf, requireUnlocked, startTask, verifyParameters } from "../guests.ts";
import { requireKey } from "../key-permissions.ts";
import { type Call, type Permission, type Route, requirePrivileges } from "../route.ts";

const audit: Permission = { at: "/vms/{vmid}", all: ["VM.Audit"] };
const containerConfig = [
  "VM.Config.Disk",
  "VM.Config.CPU",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.Options",
] as const;
const machineConfig = [
  ...containerConfig,
  "VM.Config.CDROM",
  "VM.Config.HWType",
  "VM.Config.Cloudinit",
] as const;
const anyConfig = (kind: GuestKind): Permission => ({
  at: "/vms/{vmid}",
  any: kind === "qemu" ? machineConfig : containerConfig,
});

/** Configuration and disk size of one kind of guest. */
export function guestConfigRoutes(kind: GuestKind): readonly Route[] {
  const base = `nodes/{node}/${kind}/{vmid}`;
  const shared: Route[] = [
    {
      method: "GET",
      path: `${base}/config`,
      permission: audit,
      handle: (call) => readConfig(call, guestOf(call, kind)),
    },
    {
      method: "PUT",
      path: `${base}/config`,
      permission: anyConfig(kind),
      handle: (call) => void changeConfig(call, kind),
    },
    {
      method: "GET",
      path: `${base}/pending`,
      permission: audit,
      handle: (call) => Object.entries(guestOf(call, kind).config).map(([key, value]) => ({ key, value })),
    },
    {
      method: "PUT",
      path: `${base}/resize`,
      permission: { at: "/vms/{vmid}", all: ["VM.Config.Disk"] },
      handle: (call) => resize(call, guestOf(call, kind)),
    },
  ];
  return kind === "lxc" ? shared : [...shared, ...machineOnly(base)];
}

function machineOnly(base: string): Route[] {
  return [
    {
      method: "POST",
      path: `${base}/config`,
      permission: anyConfig("qemu"),
      handle(call) {
        const guest = changeConfig(call, "qemu");
        return startTask(call, "qmconfig", guest.vmid, { run: () => {} });
      },
    },
    {
      method: "GET",
      path: `${base}/cloudinit`,
      permission: audit,
      handle: (call) =>
        Object.entries(guestOf(call, "qemu").config)
          .filter(([key]) => /^(ci|ipconfig|sshkeys|nameserver|searchdomain|name$)/.test(key))
          .map(([key, value]) => ({ key, value })),
    },
    {
      method: "PUT",
      path: `${base}/cloudinit`,
      permission: { at: "/vms/{vmid}", all: ["VM.Config.Cloudinit"] },
      handle: (call) => void guestOf(call, "qemu"),
    },
  ];
}

function readConfig(call: Call, guest: Guest): unknown {
  const snapshot = call.input.text("snapshot");
  const config = snapshot === undefined ? guest.config : guest.snapshots[snapshot]?.config;
  if (!config) throw failure(`snapshot '${snapshot}' does not exist`);
  return { ...config, digest: digestOf(guest.config) };
}

/** Applies `delete` and every configuration parameter of the call, after checking the privilege of each. */
function changeConfig(call: Call, kind: GuestKind): Guest {
  verifyParameters(call, kind, "change");
  const guest = guestOf(call, kind);
  requireUnlocked(call, guest);
  const digest = call.input.text("digest");
  if (digest !== undefined && digest !== digestOf(guest.config)) {
    throw failure("detected modified configuration - file changed by other user? Try again.");
  }
  const removed = call.input.list("delete");
  const changes = configChanges(call);
  if (removed.length === 0 && changes.length === 0) throw parameterError({ vmid: "no options specified" });
  const unknown = wrongDeletion(kind, removed);
  if (unknown) throw parameterError(unknown);
  for (const key of removed) requireKey(call, guest, key, "");
  for (const [key, value] of changes) requireKey(call, guest, key, value);
  deleteConfig(call.lab.world, guest, removed);
  setConfig(call.lab.world, guest, changes, call.lab.now());
  return guest;
}

const notConfig = new Set(["delete", "digest", "skiplock", "force", "background_delay", "revert"]);

function configChanges(call: Call): [string, string][] {
  return call.input
    .entries()
    .filter(([key]) => !notConfig.has(key))
    .map(([key, values]) => [key, values.at(-1) ?? ""]);
}

function resize(call: Call, guest: Guest): string {
  requireUnlocked(call, guest);
  const disk = call.input.required("disk");
  const wanted = call.input.required("size");
  const text = guest.config[disk];
  if (text === undefined || !(guest.kind === "qemu" ? diskKey : mountKey).test(disk)) {
    throw failure(`disk '${disk}' does not exist`);
  }
  const volume = findVolume(call.lab.world, volidOf(String(text)) ?? ":");
  if (!volume) throw failure(`disk '${disk}' has no size`);
  requirePrivileges(call, `/storage/${splitVolid(volume.volid).storage}`, ["Datastore.AllocateSpace"]);
  const amount = parseSize(wanted.replace(/^\+/, ""));
  if (amount === undefined) throw parameterError({ size: "value does not match the regex pattern" });
  const bytes = wanted.startsWith("+") ? volume.sizeBytes + amount : amount;
  if (bytes < volume.sizeBytes) throw failure("shrinking disks is not supported");
  return startTask(call, "resize", guest.vmid, {
    run() {
      volume.sizeBytes = bytes;
      const parts = parseProperties(String(guest.config[disk] ?? text), "file");
      parts.set("size", printSize(bytes));
      guest.config[disk] = printProperties(parts, "file");
    },
  });
}
