import type { LockedProvider } from "../connect/terraform/lock-file.ts";
import { madeFor } from "../plan/guest-types.ts";

/** A line for every version of bpg/proxmox in use that the restart forecast was not made for. */
export function providerNotes(providers: readonly LockedProvider[]): string[] {
  return providers
    .filter(({ address, version }) => address.endsWith("/bpg/proxmox") && version !== madeFor)
    .map(
      ({ version }) =>
        `the restart forecast was made for bpg/proxmox ${madeFor}, and this is ${version}: what happens may differ`,
    );
}
