import { randomUUID } from "node:crypto";
import { tagsOf } from "../guest.ts";
import { removeVolume } from "../volumes.ts";
import type { Guest, World } from "../world.ts";
import { isCloudInitDrive, placeDrive, placeMount, volidOf } from "./drive.ts";
import { diskKey, mountKey, netKey, typedValue, unusedKey } from "./keys.ts";
import { cardOf } from "./network.ts";

/** What Proxmox shows instead of a password. */
const masked = "**********";

/** Parameters of the calls that are no configuration. */
export const callParameters = new Set([
  "archive",
  "background_delay",
  "bwlimit",
  "delete",
  "digest",
  "force",
  "ha-managed",
  "ignore-unpack-errors",
  "import-working-storage",
  "live-restore",
  "node",
  "ostemplate",
  "password",
  "pool",
  "restore",
  "revert",
  "skiplock",
  "ssh-public-keys",
  "start",
  "storage",
  "unique",
  "vmid",
]);

/** Sets configuration keys of a guest, one after another, in the order given. Allocates what they ask for. */
export function setConfig(
  world: World,
  guest: Guest,
  changes: Iterable<[string, string]>,
  now: number,
): void {
  for (const [key, text] of changes) {
    if (callParameters.has(key)) continue;
    const before = guest.config[key];
    const isVolume = (guest.kind === "qemu" ? diskKey : mountKey).test(key);
    if (text === "" && !/^(description|tags)$/.test(key)) {
      deleteConfig(world, guest, [key]);
      continue;
    }
    const value = isVolume ? placeVolume(world, guest, key, text, now) : storedValue(guest, key, text);
    if (isVolume && before !== undefined && volidOf(String(before)) !== volidOf(value)) {
      release(world, guest, String(before));
    }
    if (key === "tags" && value === "") delete guest.config.tags;
    else guest.config[key] = typedValue(guest.kind, key, value);
    if (isVolume) forgetUnused(guest, value);
  }
  if (guest.inside.docker === "absent" && tagsOf(guest.config).includes("docker")) {
    guest.inside.docker = "active";
  }
}

/** Removes keys; absent ones are no error. A disk becomes `unusedN`, an unused one is destroyed. */
export function deleteConfig(world: World, guest: Guest, keys: readonly string[]): void {
  for (const key of keys) {
    const value = guest.config[key];
    if (value === undefined) continue;
    delete guest.config[key];
    if (unusedKey.test(key)) removeVolume(world, String(value));
    else if ((guest.kind === "qemu" ? diskKey : mountKey).test(key)) release(world, guest, String(value));
  }
}

/** Tags as Proxmox keeps them: lower case, each once, sorted, separated by `;`. */
export function normaliseTags(text: string): string {
  const tags = text.toLowerCase().split(/[;, ]+/);
  return [...new Set(tags.filter(Boolean))].sort().join(";");
}

function placeVolume(world: World, guest: Guest, key: string, text: string, now: number): string {
  const request = { world, vmid: guest.vmid, key, text, now };
  return guest.kind === "qemu" ? placeDrive(request) : placeMount(request);
}

function storedValue(guest: Guest, key: string, text: string): string {
  if (netKey.test(key)) return cardOf(guest.kind, text);
  if (key === "tags") return normaliseTags(text);
  if (key === "cipassword") return masked;
  if (key === "vmgenid" && text === "1") return randomUUID();
  // A container's description comes back with a newline at its end, a VM's without.
  if (key === "description") return guest.kind === "lxc" ? `${text.trimEnd()}\n` : text.trimEnd();
  return text;
}

// What happens to a volume that is no longer named: the cloud-init drive is destroyed, a disk is kept as unused.
function release(world: World, guest: Guest, text: string): void {
  const volid = volidOf(text);
  if (volid === undefined || /media=cdrom/.test(text) !== isCloudInitDrive(text)) return;
  if (isCloudInitDrive(text)) {
    removeVolume(world, volid);
    return;
  }
  let number = 0;
  while (guest.config[`unused${number}`] !== undefined) number += 1;
  guest.config[`unused${number}`] = volid;
}

function forgetUnused(guest: Guest, value: string): void {
  const volid = volidOf(value);
  for (const key of Object.keys(guest.config)) {
    if (unusedKey.test(key) && guest.config[key] === volid) delete guest.config[key];
  }
}
