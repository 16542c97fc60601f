import type { Input } from "../api/input.ts";
import { parseProperties } from "../config/property-string.ts";
import { parseSize } from "../config/size.ts";
import type { LabCore } from "../core.ts";
import { guestName } from "../guest.ts";
import { volumePath } from "../volumes.ts";
import type { Guest, Storage, Volume } from "../world.ts";
import { prunable } from "./retention.ts";

/** Share of a guest's disks that a compressed archive takes. */
const archiveShare = 0.08;

/**
 * Makes one archive of a guest and applies `prune-backups`. Returns the reason where it is not possible.
 * The archive has a size and the guest's configuration; what a machine's disks hold is kept beside it.
 */
export async function backUp(
  lab: LabCore,
  guest: Guest,
  storage: Storage,
  input: Input,
  log: (line: string) => void,
): Promise<string | undefined> {
  if (guest.lock !== undefined) return `VM is locked (${guest.lock})`;
  const volume = archive(lab, guest, storage, input);
  log(`INFO: Starting Backup of VM ${guest.vmid} (${guest.kind})`);
  log(`INFO: status = ${guest.status}`);
  log(`INFO: creating vzdump archive '${volumePath(storage, volume.volid)}'`);
  storage.volumes[volume.volid] = volume;
  const { machines } = lab;
  await machines?.whileStill(guest, () => machines.disks.keep(guest, volume.volid));
  prune(guest, storage, input, log);
  log(`INFO: Finished Backup of VM ${guest.vmid} (00:00:01)`);
  return undefined;
}

function archive(lab: LabCore, guest: Guest, storage: Storage, input: Input): Volume {
  const packing =
    { zstd: ".zst", gzip: ".gz", lzo: ".lzo", "1": ".lzo" }[input.text("compress") ?? "zstd"] ?? "";
  const extension = `${guest.kind === "qemu" ? "vma" : "tar"}${packing}`;
  const volid = (at: number) =>
    `${storage.storage}:backup/vzdump-${guest.kind}-${guest.vmid}-${stamp(at)}.${extension}`;
  // Two backups within one second would have the same name; Proxmox cannot be that fast.
  let at = Math.floor(lab.now() / 1000);
  while (storage.volumes[volid(at)]) at += 1;
  const template = input.text("notes-template");
  return {
    volid: volid(at),
    content: "backup",
    format: extension,
    sizeBytes: Math.floor(diskBytes(guest) * archiveShare) + 4096,
    ctime: at,
    vmid: guest.vmid,
    ...(template !== undefined && { notes: notes(template, guest) }),
    ...(input.flag("protected") && { protected: true }),
    config: { ...guest.config },
    inside: structuredClone(guest.inside),
  };
}

function stamp(seconds: number): string {
  const [day = "", time = ""] = new Date(seconds * 1000).toISOString().split("T");
  return `${day.replaceAll("-", "_")}-${time.slice(0, 8).replaceAll(":", "_")}`;
}

function notes(template: string, guest: Guest): string {
  const values: Record<string, string> = {
    cluster: "lab",
    guestname: guestName(guest),
    node: guest.node,
    vmid: String(guest.vmid),
  };
  return template
    .replaceAll("\\n", "\n")
    .replace(/\{\{(\w+)\}\}/g, (all, name: string) => values[name] ?? all);
}

function diskBytes(guest: Guest): number {
  return Object.values(guest.config)
    .map((value) => parseSize(parseProperties(String(value), "file").get("size") ?? "") ?? 0)
    .reduce((sum, size) => sum + size, 0);
}

function prune(guest: Guest, storage: Storage, input: Input, log: (line: string) => void): void {
  const rules = input.text("prune-backups");
  if (rules === undefined || input.flag("remove") === false) return;
  const group = Object.values(storage.volumes).filter(
    (volume) => volume.content === "backup" && volume.vmid === guest.vmid,
  );
  for (const volume of prunable(group, parseProperties(rules, "keep-last"))) {
    delete storage.volumes[volume.volid];
    log(`INFO: removing backup '${volume.volid}'`);
  }
}
