import { type GuestForecast, namesOf } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { removingByHand } from "../plan/device-fate.ts";

/**
 * Throws a Problem `device-root-only` where a change would remove a device that no token may remove: Proxmox would
 * refuse it after other changes were made. No flag allows it.
 */
export function refuseRootOnly(forecast: readonly GuestForecast[]): void {
  const refused = forecast.filter(({ effect, devices }) => effect === "refused" && devices !== undefined);
  if (refused.length === 0) return;
  const subjects = refused.map(
    ({ kind, guest, vmid, devices = [] }) => `${kind} ${guest} (${vmid}): ${namesOf(devices)}`,
  );
  throw new Problem({
    kind: "configuration",
    code: "device-root-only",
    message: `${subjects.join("; ")} would be removed, which Proxmox allows to root@pam only, never to a token; nothing was changed`,
    hint: `remove it by hand, ${wayOut(refused)}`,
  });
}

/** `on pve1: qm set 201 --delete scsi5; on pve2: pct set 203 --delete mp0` */
export function wayOut(forecast: readonly GuestForecast[]): string {
  return forecast
    .flatMap(({ kind, node, vmid, devices = [] }) =>
      node === undefined || vmid === undefined
        ? []
        : removingByHand(
            { type: kind, node, vmid },
            devices.map(({ key }) => key),
          ),
    )
    .join("; ");
}
