import type { Socket } from "node:net";
import { hasFault } from "../core.ts";
import type { Guest } from "../world.ts";
import { makeAcceptor } from "./connection.ts";
import type { SeenCommand, SshContext } from "./context.ts";
import { type GuestCommandResult, runInGuest } from "./guest-command.ts";
import { httpPorts, makeHttpAcceptor } from "./http.ts";
import { type Listener, openListener } from "./listener.ts";
import { guestMachine, type Machine, nodeMachine } from "./machine.ts";
import { type OwnAddresses, ownAddresses } from "./own-addresses.ts";

export type { SeenCommand, SshContext } from "./context.ts";

export interface SshServers {
  /** Opens and closes listeners to follow the world: to be called after every change, and when a guest has booted. */
  sync(): Promise<void>;
  /** What was asked over SSH, oldest first; the last 10,000. */
  commands(): SeenCommand[];
  clearCommands(): void;
  /** Answers a command as root on a guest, as over SSH. */
  runInGuest(guest: Guest, words: string[], input: string): Promise<GuestCommandResult>;
  close(): Promise<void>;
}

interface Wanted {
  /** `node/pve1`, `guest/101` or `http/101`. */
  id: string;
  address: string;
  /** 0 (nodes only): any free one, which is written into the world. */
  port: number;
  accept(socket: Socket): void;
  /** Notes the port in use. */
  opened?(port: number): void;
}

const commandsKept = 10_000;

/** Starts the SSH servers of the nodes and of the running guests. */
export async function startSshServers(context: SshContext): Promise<SshServers> {
  const log = (line: string) => context.log?.(line);
  const said = new Set<string>();
  const logOnce = (line: string) => {
    if (!said.has(line)) log(line);
    said.add(line);
  };
  const owned: OwnAddresses | undefined = context.ownAddresses ? await ownAddresses(log) : undefined;
  const open = new Map<string, Listener>();
  let seen: SeenCommand[] = [];
  let last = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let closed = false;

  const record = (command: Omit<SeenCommand, "at">) => {
    seen.push({ at: Date.now(), ...command });
    if (seen.length > 2 * commandsKept) seen = seen.slice(-commandsKept);
  };

  const mayReach = (address: string, port: number) =>
    [...open.keys()].some((key) => key.endsWith(` ${address} ${port}`));

  const acceptor = (machine: () => Machine | undefined) =>
    makeAcceptor({ context, machine, record, mayReach });

  async function follow(): Promise<void> {
    const wanted = new Map(
      closed
        ? []
        : wantedListeners(context, acceptor, logOnce).map((one) => [listenerKey(one, one.port), one]),
    );
    const gone = [...open].filter(([key]) => !wanted.has(key));
    await Promise.all(gone.map(([, listener]) => listener.close()));
    for (const [key] of gone) open.delete(key);
    await owned?.set(runningAddresses(context, closed));
    const missing = [...wanted].filter(([key]) => !open.has(key)).map(([, one]) => one);
    await Promise.all(
      missing.map(async (one) => {
        const listener = await openListener(one.address, one.port, one.accept, logOnce);
        if (listener === undefined) return;
        one.opened?.(listener.port);
        open.set(listenerKey(one, listener.port), listener);
      }),
    );
  }

  /** Calls that come while one is at work are one more run together. */
  function sync(): Promise<void> {
    if (waiting === undefined) {
      const run = () => {
        waiting = undefined;
        return follow();
      };
      waiting = last = last.then(run, run);
    }
    return waiting;
  }

  await sync();
  return {
    sync,
    commands: () => seen.slice(-commandsKept),
    clearCommands: () => {
      seen = [];
    },
    runInGuest: (guest, words, input) => runInGuest(context, record, guest, words, input),
    close: () => {
      closed = true;
      return sync();
    },
  };
}

function listenerKey(one: Wanted, port: number): string {
  return `${one.id} ${one.address} ${port}`;
}

function wantedListeners(
  context: SshContext,
  ssh: (machine: () => Machine | undefined) => Wanted["accept"],
  log: (line: string) => void,
): Wanted[] {
  const { world } = context;
  const wanted: Wanted[] = [];
  const refused = (target: string) => hasFault(world, "ssh-refused", target);
  const isUp = (node: string) =>
    world.nodes[node]?.online !== false && !hasFault(world, "node-offline", node);
  for (const { name, ssh: place } of Object.values(world.nodes)) {
    if (!isUp(name) || refused(name)) continue;
    const machine = () => {
      const node = context.world.nodes[name];
      return node && nodeMachine(context, node);
    };
    const opened = (port: number) => {
      place.port = port;
    };
    wanted.push({ id: `node/${name}`, ...place, accept: ssh(machine), opened });
  }
  for (const guest of Object.values(world.guests)) {
    const { vmid } = guest;
    const booting = hasFault(world, "booting", String(vmid)) || !context.guestReady(guest);
    if (guest.status !== "running" || guest.template || booting || !isUp(guest.node)) continue;
    const place = endpoint(context, context.guestAddress(guest));
    if (place === undefined) continue;
    if (!context.ownAddresses && !isLoopback(place.address)) {
      log(`guest ${vmid}: ${place.address} is no loopback address, so nothing listens there`);
      continue;
    }
    const machine = () => {
      const now = context.world.guests[String(vmid)];
      return now && guestMachine(context, now);
    };
    if (!refused(String(vmid))) wanted.push({ id: `guest/${vmid}`, ...place, accept: ssh(machine) });
    for (const port of httpPorts(world, guest)) {
      wanted.push({
        id: `http/${vmid}`,
        address: place.address,
        port,
        accept: makeHttpAcceptor(world, vmid),
      });
    }
  }
  return wanted;
}

/** The addresses that answer ping: those of running guests, whether or not SSH answers there. */
function runningAddresses(context: SshContext, closed: boolean): string[] {
  if (closed) return [];
  const guests = Object.values(context.world.guests).filter(
    (guest) => guest.status === "running" && !guest.template,
  );
  const places = guests.map((guest) => endpoint(context, context.guestAddress(guest)));
  return places.flatMap((place) => (place && !isLoopback(place.address) ? [place.address] : []));
}

function endpoint(context: SshContext, declared: string | undefined) {
  if (declared === undefined || declared === "") return undefined;
  const found = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(declared);
  if (found?.[1] === undefined) return { address: declared, port: context.guestPort };
  return { address: found[1], port: Number(found[2]) };
}

function isLoopback(address: string): boolean {
  return /^127\./.test(address) || address === "::1";
}
