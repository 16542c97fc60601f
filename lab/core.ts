import type { Tickets } from "./api/identity.ts";
import type { Machines } from "./machines/machines.ts";
import type { GuestCommandResult } from "./ssh/guest-command.ts";
import type { TaskEngine } from "./tasks/engine.ts";
import type { FaultName, Guest, World } from "./world.ts";

/** What every part of the lab works on; made once by `startLab`. */
export interface LabCore {
  readonly world: World;
  readonly tasks: TaskEngine;
  readonly tickets: Tickets;
  /** sha256 of the certificate in Proxmox's colon form. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The folder behind a storage, on this machine. */
  storageDirectory(storage: string): string;
  /** The guests as real machines; without, they answer from the world. */
  machines?: Machines;
  /** Answers a command as root on a guest that is no machine, from its state. */
  runInGuest(guest: Guest, words: string[], input: string): Promise<GuestCommandResult>;
  /** Called after every change: saves the world and lets the SSH servers follow. */
  changed(): Promise<void>;
}

/** Whether a fault is switched on, for this target where it takes one; one without a target is on for all. */
export function hasFault(world: World, name: FaultName, target?: string | number): boolean {
  return world.faults.some(
    (fault) =>
      fault.name === name &&
      (target === undefined || fault.target === undefined || fault.target === String(target)),
  );
}
