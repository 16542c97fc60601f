import type { ConfigValue, Guest } from "./world.ts";

/**
 * What was calculated of a guest, each with the values it was calculated from, so that a change of the world
 * shows at once and a list of a thousand guests is mostly comparing.
 */
export interface GuestMemo {
  sizes: GuestSizes | undefined;
  numbers: GuestNumbers | undefined;
  row: string | undefined;
  /** What `sizes` came from. */
  disk: string | undefined;
  diskText: ConfigValue | undefined;
  boot: ConfigValue | undefined;
  memory: ConfigValue | undefined;
  cores: ConfigValue | undefined;
  sockets: ConfigValue | undefined;
  vcpus: ConfigValue | undefined;
  /** What `numbers` came from. */
  numbersOf: GuestSizes | undefined;
  running: boolean;
  /** What `row` came from. */
  rowOf: GuestNumbers | undefined;
  status: string;
  name: string;
  tags: ConfigValue | undefined;
  node: string;
  pool: string | undefined;
  lock: string | undefined;
  template: boolean;
}

/** How large a guest is by its configuration; bytes. */
export interface GuestSizes {
  maxcpu: number;
  maxmem: number;
  maxdisk: number;
}

/** What a guest uses: made up, but the same every time and plausible for its size. Sizes in bytes. */
export interface GuestNumbers extends GuestSizes {
  cpu: number;
  mem: number;
  disk: number;
  netin: number;
  netout: number;
  diskread: number;
  diskwrite: number;
  /** Seconds. */
  uptime: number;
}

const memos = new WeakMap<Guest, GuestMemo>();

/** The memo of a guest, empty at first. */
export function memoOf(guest: Guest): GuestMemo {
  let memo = memos.get(guest);
  if (memo === undefined) {
    memo = {
      sizes: undefined,
      numbers: undefined,
      row: undefined,
      disk: undefined,
      diskText: undefined,
      boot: undefined,
      memory: undefined,
      cores: undefined,
      sockets: undefined,
      vcpus: undefined,
      numbersOf: undefined,
      running: false,
      rowOf: undefined,
      status: "",
      name: "",
      tags: undefined,
      node: "",
      pool: undefined,
      lock: undefined,
      template: false,
    };
    memos.set(guest, memo);
  }
  return memo;
}
