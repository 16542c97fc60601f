import { mountType } from "../config/bind-mounts.ts";
import { mountKey } from "../config/keys.ts";
import { parseProperties } from "../config/property-string.ts";
import { findVolume, splitVolid } from "../volumes.ts";
import { ApiError } from "./errors.ts";
import { type KeyOwner, requireOnGuest } from "./key-owner.ts";
import type { Privilege } from "./privileges.ts";
import { type Call, requirePrivileges } from "./route.ts";
import { requireVolume } from "./volume-access.ts";

// Source: check_ct_modify_config_perm in PVE::LXC.
const containerKeys: readonly (readonly [RegExp, readonly Privilege[]])[] = [
  [/^(cores|cpuunits|cpulimit)$/, ["VM.Config.CPU"]],
  [/^(memory|swap)$/, ["VM.Config.Memory"]],
  [/^(rootfs|mp\d+|unused\d+)$/, ["VM.Config.Disk"]],
  [/^(net\d+|nameserver|searchdomain|hostname)$/, ["VM.Config.Network"]],
];

/** One key of a container; an empty value deletes it. @throws ApiError 403 */
export function requireContainerKey(call: Call, owner: KeyOwner, key: string, value: string): void {
  if (key === "hookscript") throw rootOnly("changing the hookscript");
  if (/^dev\d+$/.test(key)) throw rootOnly("configuring device passthrough");
  if (key === "unprivileged") {
    if (!isOn(value)) requirePrivileges(call, "/", ["Sys.Modify"]);
    return;
  }
  if (key === "features") {
    requireFeatures(call, owner, value);
    return;
  }
  const privileges = containerKeys.find(([pattern]) => pattern.test(key))?.[1] ?? ["VM.Config.Options"];
  requireOnGuest(call, owner, privileges);
  if (mountKey.test(key) && value !== "") requireMount(call, owner, value);
}

function requireMount(call: Call, { vmid }: KeyOwner, value: string): void {
  const type = mountType(value);
  if (type !== "volume") throw rootOnly(`mount point type ${type}`);
  const volume = parseProperties(value, "volume", ["file"]).get("volume") ?? "";
  const storage = /^([^:/]+):\d+(\.\d+)?$/.exec(volume)?.[1];
  if (storage !== undefined) {
    requirePrivileges(call, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
    return;
  }
  const existing = findVolume(call.lab.world, volume);
  if (existing !== undefined) requireVolume(call, splitVolid(volume).storage, existing, vmid);
}

function requireFeatures(call: Call, owner: KeyOwner, value: string): void {
  const before = owner.config;
  const unprivileged =
    before === undefined ? (call.input.flag("unprivileged") ?? true) : before.unprivileged === 1;
  if (!unprivileged) throw rootOnly("changing feature flags for privileged container");
  const was = String(before?.features ?? "");
  if (otherThanNesting(value) !== otherThanNesting(was)) {
    throw rootOnly("changing feature flags (except nesting)");
  }
  if (nesting(value) !== nesting(was)) requireOnGuest(call, owner, ["VM.Allocate"]);
}

function otherThanNesting(features: string): string {
  const parts = features.split(",").filter((part) => part !== "" && !part.startsWith("nesting="));
  return parts.sort().join(",");
}

function nesting(features: string): string | undefined {
  return parseProperties(features, "").get("nesting");
}

function isOn(value: string): boolean {
  return /^(1|on|yes|true)$/i.test(value);
}

function rootOnly(what: string): ApiError {
  return new ApiError(403, `Permission check failed (${what} is only allowed for root@pam)`);
}
