import type { ConfigValue, Guest, World } from "../world.ts";

/**
 * The vmids that a job, or the parameters of a vzdump call, mean; ids without a guest included.
 * Source: get_included_guests in PVE::VZDump. A disabled job counts like any other.
 */
export function includedGuests(
  world: World,
  job: Readonly<Record<string, ConfigValue | undefined>>,
): { vmid: number; guest: Guest | undefined }[] {
  const ids = meant(world, job);
  return ids
    .map((vmid) => ({ vmid, guest: world.guests[vmid] }))
    .filter(({ guest }) => job.node === undefined || guest === undefined || guest.node === job.node);
}

function meant(world: World, job: Readonly<Record<string, ConfigValue | undefined>>): number[] {
  if (job.pool) {
    return Object.values(world.guests)
      .filter((guest) => guest.pool === job.pool)
      .map(({ vmid }) => vmid);
  }
  if (job.vmid) return numbers(job.vmid);
  if (!job.all) return [];
  const excluded = new Set(numbers(job.exclude ?? ""));
  return Object.values(world.guests)
    .map(({ vmid }) => vmid)
    .filter((vmid) => !excluded.has(vmid));
}

function numbers(list: ConfigValue): number[] {
  return String(list)
    .split(/[,; ]+/)
    .filter(Boolean)
    .map(Number);
}
