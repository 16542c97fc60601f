import { contentFolders, hasFiles } from "../volumes.ts";
import type { Guest, World } from "../world.ts";
import { mountKey } from "./keys.ts";
import { parseProperties } from "./property-string.ts";

/** Directories of every node; those of its file storages come on top. No others can be made. */
const ofEveryNode = ["/home", "/media", "/mnt", "/opt", "/root", "/srv", "/tmp"];

/**
 * Checks that the node has the directories that a container's bind mounts name. Proxmox looks when it mounts them: while
 * it creates the container, and whenever it starts. Source: mountpoint_mount in PVE::LXC.
 * @throws Error `directory '…' does not exist`
 */
export function requireBindSources(world: World, guest: Guest): void {
  if (guest.kind !== "lxc") return;
  const known = new Set([...ofEveryNode, ...storageDirectories(world)]);
  for (const [key, value] of Object.entries(guest.config)) {
    if (!mountKey.test(key) || mountType(String(value)) !== "bind") continue;
    const source = sourceOf(String(value));
    if (!known.has(source.replace(/\/+$/, ""))) throw new Error(`directory '${source}' does not exist`);
  }
}

/** What `rootfs` or `mpN` mounts. Source: classify_mountpoint in PVE::LXC::Config. */
export function mountType(text: string): "bind" | "device" | "volume" {
  const source = sourceOf(text);
  if (source.startsWith("/dev/")) return "device";
  return source.startsWith("/") ? "bind" : "volume";
}

const sourceOf = (text: string) => parseProperties(text, "volume", ["file"]).get("volume") ?? "";

function storageDirectories(world: World): string[] {
  return Object.values(world.storages)
    .filter(hasFiles)
    .flatMap(({ storage, path = `/mnt/pve/${storage}` }) => [
      path,
      ...Object.values(contentFolders).map((folder) => `${path}/${folder}`),
    ]);
}
