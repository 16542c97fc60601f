import { isDeepStrictEqual } from "node:util";
import pLimit from "p-limit";
import type { Clock } from "../connect/clock.ts";
import { listGuests } from "../connect/proxmox/guests.ts";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import { changeKnownHosts, fingerprintOf, trustedKeys, trustHost } from "../connect/ssh/known-hosts.ts";
import { type GuestKind, guestKinds } from "../model/guest-kind.ts";
import type { Guest, Inventory } from "../model/inventory.ts";
import { isProblem, messageOf, Problem } from "../model/problem.ts";
import { notRunningReason } from "./guest-state.ts";
import { type HostKeySource, readHostKey, readIdentity } from "./host-key-source.ts";
import { type Selection, select } from "./select.ts";
import {
  readTrustedGuests,
  type TrustedGuests,
  trustedGuestsFile,
  writeTrustedGuests,
} from "./trusted-guests.ts";

export interface TrustRun extends HostKeySource {
  environment: string;
  inventory: Inventory;
  /** Which guests; all of them unless given. */
  selection?: Selection;
  knownHostsFile: string;
  /** Accepts a new key also where the guest was not re-created. */
  replace?: boolean;
  /** Reads and compares, and writes nothing. */
  dryRun?: boolean;
  /** Guests asked at once. */
  concurrency: number;
  clock: Clock;
}

/** What became of one guest's key. */
export interface TrustOutcome {
  guest: string;
  type: GuestKind;
  outcome: "added" | "unchanged" | "replaced" | "failed";
  /** `SHA256:…`; absent where the key could not be read. */
  fingerprint?: string;
  /** What known_hosts had before: of `replaced`, and of a replacement that was refused. */
  previous?: string[];
  /** `replaced`: whether the guest was re-created since, or `--replace` said so. */
  because?: "re-created" | "asked";
  /** `failed`: why. `host-key-replaced-same-guest` and `host-key-replaced-unrecorded` want `--replace`. */
  problem?: Problem;
}

interface Reading {
  guest: Guest;
  key: string;
  identity: string | null;
}

/**
 * Reads the host key of each selected guest from the guest itself, and writes it to known_hosts, so that the
 * first SSH connection is not a blind one. A key that changed is accepted only from a guest that was re-created
 * since, or with `replace`. One guest that fails does not stop the others; the API's own failure, a selection
 * that matches nothing and an unreadable record are thrown.
 */
export async function trustHosts(run: TrustRun): Promise<TrustOutcome[]> {
  const selected = select(run.selection ?? {}, run.inventory.guests, {
    kinds: guestKinds,
    everything: true,
    warn: run.log,
  });
  const rows = new Map((await listGuests(run.proxmox)).map((row) => [row.vmid, row]));
  const readings = await pLimit(run.concurrency).map(run.inventory.guests.filter(selected), (guest) =>
    read(run, guest, rows.get(guest.vmid)),
  );
  if (run.dryRun === true) return settleAll(run, readings);
  return changeKnownHosts(run.knownHostsFile, () => settleAll(run, readings));
}

function settleAll(run: TrustRun, readings: readonly (Reading | TrustOutcome)[]): TrustOutcome[] {
  const recordFile = trustedGuestsFile(run.knownHostsFile);
  const before = readTrustedGuests(recordFile);
  const record = { ...before };
  const outcomes = readings.map((reading) => ("key" in reading ? settle(run, reading, record) : reading));
  if (run.dryRun !== true && !isDeepStrictEqual(before, record)) writeTrustedGuests(recordFile, record);
  return outcomes;
}

async function read(
  run: TrustRun,
  guest: Guest,
  row: GuestStatus | undefined,
): Promise<Reading | TrustOutcome> {
  const { name, type } = guest;
  try {
    if (guest.address === null) throw noAddress(name);
    const reason = notRunningReason(guest, { found: row, node: row?.node ?? guest.node, nodeOffline: false });
    if (row === undefined) throw unseen(guest);
    if (reason !== undefined) throw notRunning(name, reason);
    const [key, identity] = await Promise.all([readHostKey(row, run), readIdentity(row, run)]);
    return { guest, key, identity };
  } catch (error) {
    if (!isProblem(error)) run.log(`${name}: ${messageOf(error)}`);
    return { guest: name, type, outcome: "failed", problem: asProblem(error) };
  }
}

/** Decides about one key and writes it; `record` is changed in place. */
function settle(run: TrustRun, { guest, key, identity }: Reading, record: TrustedGuests): TrustOutcome {
  const { name, type } = guest;
  const target = { host: guest.address ?? "", port: guest.ssh_port };
  const place = `[${target.host}]:${target.port}`;
  const fingerprint = fingerprintOf(key);
  const facts = { guest: name, type, fingerprint };
  const known = trustedKeys(run.knownHostsFile, target);
  const previous = known.map(fingerprintOf);
  const changed = known.length > 0 && !known.includes(key);
  const because = changed ? whyReplaced(run, identity, record[place]?.identity) : undefined;
  if (changed && because === undefined) {
    return {
      ...facts,
      outcome: "failed",
      previous,
      problem: refusal(run, name, record[place] !== undefined),
    };
  }
  const owner = { environment: run.environment, name, vmid: guest.vmid, identity, fingerprint };
  const { trustedAt: _trustedAt, ...recorded } = record[place] ?? {};
  if (!isDeepStrictEqual(owner, recorded)) {
    record[place] = { ...owner, trustedAt: new Date(run.clock.now()).toISOString() };
  }
  const outcome = known.length === 0 ? "added" : changed ? "replaced" : "unchanged";
  if (run.dryRun !== true && outcome !== "unchanged") trustHost(run.knownHostsFile, target, key);
  return because === undefined ? { ...facts, outcome } : { ...facts, outcome, previous, because };
}

function whyReplaced(
  run: TrustRun,
  identity: string | null,
  before: string | null | undefined,
): "re-created" | "asked" | undefined {
  // Without an identity on both sides nothing says that it was.
  const recreated = identity !== null && typeof before === "string" && before !== identity;
  if (recreated) return "re-created";
  return run.replace === true ? "asked" : undefined;
}

function refusal(run: TrustRun, name: string, same: boolean): Problem {
  return new Problem({
    kind: "declined",
    code: same ? "host-key-replaced-same-guest" : "host-key-replaced-unrecorded",
    message: same
      ? `${name} has another host key than before, and is still the same guest`
      : `${name} has another host key than before, and nothing shows that it was re-created`,
    hint: `find out who changed it; then: pve-home hosts trust --env ${run.environment} ${name} --replace`,
  });
}

function noAddress(name: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "address-unknown",
    message: `the address of ${name} is not known: it comes from DHCP, and the inventory does not have it`,
    hint: `give ${name} a fixed address`,
  });
}

function notRunning(name: string, reason: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "guest-not-running",
    message: `${name} cannot be asked: ${reason}`,
    hint: "start it, then try again",
  });
}

// Proxmox hides a guest from a token that may not look at it.
function unseen({ name, vmid }: Guest): Problem {
  return new Problem({
    kind: "undetermined",
    code: "guest-not-running",
    message: `${name} cannot be asked: it is not on the cluster, or the token lacks VM.Audit on /vms/${vmid}`,
    hint: "what the token needs: docs/privileges.md",
  });
}

function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  return new Problem({ kind: "bug", code: "bug", message: messageOf(error), cause: error });
}
