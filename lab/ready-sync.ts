import type { LabCore } from "./core.ts";
import { guestReady } from "./guest.ts";
import type { SshServers } from "./ssh/servers.ts";

export interface ReadySync {
  /** Lets the SSH servers follow the world, now and again when the next guest has booted. */
  sync(): Promise<void>;
  close(): void;
}

/** Listeners of a booting guest open once it is ready; nothing else in the world changes at that moment. */
export function createReadySync(lab: LabCore, ssh: Pick<SshServers, "sync">): ReadySync {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const sync = async () => {
    await ssh.sync();
    clearTimeout(timer);
    const next = nextReady(lab);
    if (next === undefined || closed) return;
    timer = setTimeout(() => void sync(), Math.max(next - lab.now(), 0) + 1);
  };
  return {
    sync,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** When the next guest will have booted, in milliseconds since the epoch. */
function nextReady(lab: LabCore): number | undefined {
  const now = lab.now();
  let next: number | undefined;
  for (const guest of Object.values(lab.world.guests)) {
    if (guest.status !== "running" || guest.bootedAt === undefined) continue;
    const at = guest.bootedAt + guest.inside.bootSeconds * 1000;
    if (guestReady(lab.world, guest, now) || at <= now) continue;
    if (next === undefined || at < next) next = at;
  }
  return next;
}
