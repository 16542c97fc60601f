import { pveVersion } from "../../api/routes/version.ts";
import { guestName, lockOf } from "../../guest.ts";
import { guestNumbers } from "../../numbers.ts";
import type { Guest, GuestKind, World } from "../../world.ts";
import { guestMachine, type NodeMachine } from "../machine.ts";
import { runWords } from "../shell/run.ts";
import { makeShell } from "../shell/shell.ts";
import type { Answer, Call, CommandGroup } from "./command.ts";
import { nodeKernel } from "./system.ts";

/** qm(1), pct(1) and pveversion(1) on a node, for the guests on that node. A PVE tool that dies exits 255. */
export const guestTools: CommandGroup = {
  pveversion: ({ args }) =>
    args.length > 0
      ? undefined
      : { out: `pve-manager/${pveVersion.version}/${pveVersion.repoid} (running kernel: ${nodeKernel})\n` },
  qm: (call) => {
    if (call.args.join(" ") === "list")
      return { out: qmList(call.machine.context.world, guestsHere(call, "qemu")) };
    return aboutOne(call, "qemu");
  },
  pct: (call) => {
    if (call.args.join(" ") === "list")
      return { out: pctList(call.machine.context.world, guestsHere(call, "lxc")) };
    return call.args[0] === "exec" ? pctExec(call) : aboutOne(call, "lxc");
  },
};

function guestsHere(call: Call, kind: GuestKind): Guest[] {
  const { machine } = call;
  return Object.values(machine.context.world.guests)
    .filter((guest) => guest.kind === kind && guest.node === machine.hostname)
    .sort((one, other) => one.vmid - other.vmid);
}

function find(call: Call, kind: GuestKind, vmid: string): Guest | Answer {
  const guest = guestsHere(call, kind).find((known) => String(known.vmid) === vmid);
  if (guest !== undefined) return guest;
  const folder = kind === "qemu" ? "qemu-server" : "lxc";
  return {
    code: 2,
    err: `Configuration file 'nodes/${call.machine.hostname}/${folder}/${vmid}.conf' does not exist\n`,
  };
}

/** `qm status ID` and `qm config ID`, and the same for pct. */
function aboutOne(call: Call, kind: GuestKind): Answer | undefined {
  const [verb, vmid = "", ...rest] = call.args;
  if ((verb !== "status" && verb !== "config") || !/^\d+$/.test(vmid) || rest.length > 0) return undefined;
  const guest = find(call, kind, vmid);
  if (!("vmid" in guest)) return guest;
  if (verb === "status") return { out: `status: ${guest.status}\n` };
  const keys = Object.keys(guest.config).sort();
  return { out: keys.map((key) => `${key}: ${encode(String(guest.config[key]), key)}\n`).join("") };
}

function encode(value: string, key: string): string {
  return key === "description" ? encodeURIComponent(value) : value;
}

/** `pct exec ID -- COMMAND…` runs as root inside; the container need not have finished booting. */
async function pctExec(call: Call): Promise<Answer | undefined> {
  const [, vmid = "", ...rest] = call.args;
  const words = rest[0] === "--" ? rest.slice(1) : rest;
  const guest = find(call, "lxc", vmid);
  if (!("vmid" in guest)) return guest;
  if (guest.status !== "running") return { code: 255, err: `container '${vmid}' not running!\n` };
  if (words.length === 0) return { code: 255, err: "missing command\n" };
  const context = (call.machine as NodeMachine).context;
  const machine = () => {
    const now = context.world.guests[vmid];
    return now && guestMachine(context, now);
  };
  const shell = { ...makeShell(call.shell), user: "root", machine };
  return { code: await runWords(shell, words, call.streams) };
}

function qmList(world: World, guests: Guest[]): string {
  if (guests.length === 0) return "";
  const row = (cells: [string, string, string, string, string, string]) => {
    const [id, name, status, memory, disk, pid] = cells;
    const left = `${id.padStart(10)} ${name.padEnd(20)} ${status.padEnd(10)} ${memory.padEnd(10)}`;
    return `${left} ${disk.padStart(12)} ${pid.padEnd(10)}\n`;
  };
  const rows = guests.map((guest) => {
    const { maxmem, maxdisk } = guestNumbers(world, guest, Date.now());
    const sizes: [string, string] = [String(maxmem / 2 ** 20), (maxdisk / 2 ** 30).toFixed(2)];
    return row([String(guest.vmid), guestName(guest), guest.status, ...sizes, String(guest.pid ?? 0)]);
  });
  return row(["VMID", "NAME", "STATUS", "MEM(MB)", "BOOTDISK(GB)", "PID"]) + rows.join("");
}

function pctList(world: World, guests: Guest[]): string {
  if (guests.length === 0) return "";
  const row = (id: string, status: string, lock: string, name: string) =>
    `${id.padEnd(10)} ${status.padEnd(10)} ${lock.padEnd(12)} ${name.padEnd(20)}\n`;
  const rows = guests.map((guest) =>
    row(String(guest.vmid), guest.status, lockOf(world, guest) ?? "", guestName(guest)),
  );
  return row("VMID", "Status", "Lock", "Name") + rows.join("");
}
