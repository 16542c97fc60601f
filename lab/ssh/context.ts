import type { Guest, World } from "../world.ts";

/** What the SSH servers need from the lab around them. */
export interface SshContext {
  world: World;
  /** The folder on disk that holds the files of a storage of type `dir`. */
  storageDirectory(storage: string): string;
  /** The port every guest serves SSH on, unless its address names one. */
  guestPort: number;
  /** The lab may put addresses on `lo`: it runs as root, or inside `unshare -Urn`. */
  ownAddresses: boolean;
  /** Called after something in the world was changed over SSH. */
  changed(): void;
  log?(line: string): void;
  /** True once the guest has booted far enough for SSH to answer. */
  guestReady(guest: Guest): boolean;
  /**
   * The address a guest serves SSH at; undefined where it has none. `ADDRESS:PORT` overrides `guestPort`, for
   * systems whose loopback is 127.0.0.1 alone (macOS).
   */
  guestAddress(guest: Guest): string | undefined;
}

/** One command the servers were asked for. */
export interface SeenCommand {
  /** Milliseconds since the epoch. */
  at: number;
  /** `qemu/101`, `lxc/102` or `node/pve1`. */
  where: string;
  user: string;
  command: string;
  /** False where the lab had no answer and said "not found". */
  known: boolean;
}
