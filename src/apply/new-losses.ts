import { type GuestForecast, namesOf } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";

/**
 * Throws a Problem `device-attached-since` where a guest would lose a device that it did not have when the plan was
 * shown, whatever was agreed to.
 */
export function refuseNewLosses(
  environment: string,
  shown: readonly GuestForecast[],
  losses: readonly GuestForecast[],
): void {
  const known = new Set(shown.flatMap((forecast) => lossesIn(forecast)));
  for (const loss of losses) {
    const { kind, guest, vmid, devices = [] } = loss;
    const names = lossesIn(loss);
    const unseen = devices.filter((_, index) => !known.has(names[index] ?? ""));
    if (unseen.length === 0) continue;
    throw new Problem({
      kind: "declined",
      code: "device-attached-since",
      message: `${kind} ${guest} (${vmid}) has got ${namesOf(unseen)} since the plan was shown, and would lose it; nothing was changed`,
      hint: `look at the plan again: pve-home apply --env ${environment}`,
    });
  }
}

function lossesIn({ address, devices = [] }: GuestForecast): string[] {
  return devices.map(({ key, value }) => `${address} ${key} ${value}`);
}
