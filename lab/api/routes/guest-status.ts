import { runCloudInit } from "../../cloud-init.ts";
import { requireBindSources } from "../../config/bind-mounts.ts";
import { lockOf, powerOff, powerOn } from "../../guest.ts";
import type { Machines } from "../../machines/machines.ts";
import { statusRow } from "../../numbers.ts";
import type { Guest, GuestKind } from "../../world.ts";
import { failure } from "../errors.ts";
import { guestOf, kindNames, requireUnlocked, startTask } from "../guests.ts";
import { allowed, type Call, type Permission, type Route } from "../route.ts";

const audit: Permission = { at: "/vms/{vmid}", all: ["VM.Audit"] };
const power: Permission = { at: "/vms/{vmid}", all: ["VM.PowerMgmt"] };

type Change = "start" | "stop" | "restart" | "none";

const actions = {
  start: "start",
  stop: "stop",
  shutdown: "stop",
  reboot: "restart",
  reset: "restart",
  suspend: "none",
  resume: "none",
} as const satisfies Record<string, Change>;

/** Lists, status and power of one kind of guest. */
export function guestStatusRoutes(kind: GuestKind): readonly Route[] {
  const base = `nodes/{node}/${kind}`;
  const named = Object.keys(actions).filter((action) => kind === "qemu" || action !== "reset");
  return [
    { method: "GET", path: base, permission: "user", handle: (call) => list(call, kind) },
    {
      method: "GET",
      path: `${base}/{vmid}/status/current`,
      permission: audit,
      handle: (call) => current(call, guestOf(call, kind)),
    },
    ...named.map(
      (action): Route => ({
        method: "POST",
        path: `${base}/{vmid}/status/${action}`,
        permission: power,
        handle: (call) => act(call, guestOf(call, kind), action as keyof typeof actions),
      }),
    ),
  ];
}

function list(call: Call, kind: GuestKind): unknown {
  const { world, now } = call.lab;
  return Object.values(world.guests)
    .filter((guest) => guest.kind === kind && guest.node === call.path.node)
    .filter((guest) => allowed(call, `/vms/${guest.vmid}`, ["VM.Audit"]))
    .map((guest) => statusRow(world, guest, now()));
}

function current(call: Call, guest: Guest): unknown {
  const row = statusRow(call.lab.world, guest, call.lab.now());
  if (guest.kind === "lxc") return { ...row, ha: { managed: 0 } };
  return {
    ...row,
    qmpstatus: guest.status,
    ha: { managed: 0 },
    ...(guest.config.agent !== undefined && { agent: 1 }),
    ...(guest.status === "running" && {
      "running-machine": "pc-i440fx-10.1+pve0",
      "running-qemu": "10.1.2",
      balloon: row.maxmem,
    }),
  };
}

function act(call: Call, guest: Guest, action: keyof typeof actions): string {
  const name = kindNames[guest.kind];
  const change: Change = actions[action];
  if (lockOf(call.lab.world, guest) !== "backup" || change !== "stop") requireUnlocked(call, guest);
  if (guest.template) throw failure(`you can't start a ${name} if it's a template`);
  if (change === "start" && guest.status === "running")
    throw failure(`${name} ${guest.vmid} already running`);
  if (change === "restart" || change === "none") requireRunning(guest);
  const prefix = guest.kind === "qemu" ? "qm" : "vz";
  return startTask(call, `${prefix}${action}`, guest.vmid, {
    async run() {
      const { machines } = call.lab;
      const starts = change === "start" || change === "restart";
      if (starts) requireBindSources(call.lab.world, guest);
      if (machines) {
        if (await actOnMachine(call, machines, guest, action)) return;
      } else if (starts) await runCloudInit(call.lab, guest);
      apply(guest, change, call.lab.now());
      if (starts) await machines?.start(guest);
    },
  });
}

/** Commands of QEMU's monitor for what keeps the process. */
const monitorCommands: Partial<Record<keyof typeof actions, string>> = {
  reset: "system_reset",
  suspend: "stop",
  resume: "cont",
};

/** As long as Proxmox waits for a guest to shut down, in seconds, where the caller does not say. */
const shutdownSeconds = 60;

/** What a machine does before its state changes; true where that is all. */
async function actOnMachine(
  call: Call,
  machines: Machines,
  guest: Guest,
  action: keyof typeof actions,
): Promise<boolean> {
  const command = monitorCommands[action];
  if (command !== undefined) await machines.command(guest, command);
  if (action === "shutdown" || action === "reboot") {
    const seconds = Number(call.input.text("timeout") ?? shutdownSeconds);
    await machines.shutDown(guest, seconds, call.input.flag("forceStop") ?? false);
  }
  return command !== undefined;
}

function apply(guest: Guest, change: Change, now: number): void {
  if (change === "stop" || change === "restart") powerOff(guest);
  if (change === "start" || change === "restart") powerOn(guest, now);
}

function requireRunning(guest: Guest): void {
  if (guest.status !== "running") throw failure(`${kindNames[guest.kind]} ${guest.vmid} not running`);
}
