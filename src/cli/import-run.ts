import { listGuests } from "../connect/proxmox/guests.ts";
import { connectedRun } from "../homelab/terraform-run.ts";
import { isProblem } from "../model/problem.ts";
import { importGuest } from "../state/import-guest.ts";
import { open, refuseInterrupted } from "./check-run.ts";
import { confirm } from "./confirm.ts";
import type { Io } from "./io.ts";
import { oneEnvironment } from "./one-environment.ts";
import { limitsOf, planLimit } from "./plan-run.ts";
import { preparing } from "./preparing.ts";
import { providerRun } from "./provider-run.ts";
import { reachProxmox } from "./reach.ts";
import type { ImportFlags } from "./state.ts";

export async function runImport(io: Io, vmid: number, flags: ImportFlags): Promise<void> {
  const name = oneEnvironment(io, flags);
  const opened = open(io, { ...flags, env: [name] });
  const { configuration } = opened;
  const { limitMs, lockTimeoutMs } = limitsOf(opened, {});
  const reached = await reachProxmox(io, opened, limitMs);
  if (isProblem(reached)) throw reached;
  try {
    const run = await providerRun(io, opened, name, reached, planLimit(name, limitMs));
    const others = configuration.environmentNames.filter((other) => other !== name);
    const imported = await importGuest({ name, run }, vmid, {
      prepare: preparing(io),
      listGuests: () => listGuests(reached.client, { signal: io.interrupted }),
      others: await Promise.all(
        others.map(async (other) => ({
          name: other,
          run: { ...(await connectedRun(configuration, other, io.env)), signal: io.interrupted },
        })),
      ),
      agree: async (guest, address) => {
        const what = `${guest.type}/${vmid} (${guest.name}) into the state of ${name} as ${address}`;
        if (flags.dryRun) io.out(`would take ${what}; nothing is changed on Proxmox`);
        else await confirm(io, `Take ${what}?`, { yes: flags.yes });
        return flags.dryRun !== true;
      },
      log: io.log,
      lockTimeoutMs,
    });
    if (imported === "known") io.out(`${name}: guest ${vmid} is in its state already`);
    if (imported !== "imported") return;
    io.out(`${name}: guest ${vmid} is in its state now`);
    io.out(`what still differs from the code: pve-home plan --env ${name}`);
  } catch (error) {
    refuseInterrupted(io);
    throw error;
  } finally {
    reached.client.close();
  }
}
