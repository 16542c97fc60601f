import type { GuestCommandResult } from "../../ssh/guest-command.ts";
import type { Guest } from "../../world.ts";
import { failure, parameterError } from "../errors.ts";
import type { Call, Route } from "../route.ts";
import { agentBase, answering, realAgent } from "./agent-guest.ts";

/** What was run on guests that are no machines, by the process's number. */
const results = new WeakMap<Guest, Map<number, GuestCommandResult>>();
let lastPid = 2000;

/** Commands in a VM through its agent, as root. Source: PVE::API2::Qemu::Agent, qemu_exec of PVE::QemuServer::Agent. */
export const agentExecRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${agentBase}/exec`,
    permission: { at: "/vms/{vmid}", all: ["VM.GuestAgent.Unrestricted"] },
    async handle(call) {
      const guest = answering(call);
      const command = commandOf(call);
      const input = call.input.text("input-data") ?? "";
      const ask = realAgent(call, guest);
      if (!ask) return { pid: await runFromState(call, guest, command, input) };
      const [path = "", ...arg] = command;
      const data = input === "" ? {} : { "input-data": Buffer.from(input).toString("base64") };
      return ask("guest-exec", { path, arg, ...data, "capture-output": true });
    },
  },
  {
    method: "GET",
    path: `${agentBase}/exec-status`,
    permission: { at: "/vms/{vmid}", all: ["VM.GuestAgent.Unrestricted"] },
    async handle(call) {
      const guest = answering(call);
      const pid = call.input.int("pid");
      if (pid === undefined) throw parameterError({ pid: "property is missing and it is not optional" });
      const ask = realAgent(call, guest);
      return ask ? decoded(await ask("guest-exec-status", { pid })) : resultOf(guest, pid);
    },
  },
];

/** The program and its arguments: `command`, repeated. */
function commandOf({ input }: Call): string[] {
  const words = input.entries().find(([name]) => name === "command")?.[1] ?? [];
  if (words.length === 0) throw parameterError({ command: "property is missing and it is not optional" });
  return words;
}

async function runFromState(call: Call, guest: Guest, words: string[], input: string): Promise<number> {
  const known = results.get(guest) ?? new Map<number, GuestCommandResult>();
  results.set(guest, known);
  lastPid += 1;
  const pid = lastPid;
  known.set(pid, await call.lab.runInGuest(guest, words, input));
  return pid;
}

// The agent forgets a process once its end was told.
function resultOf(guest: Guest, pid: number): Record<string, unknown> {
  const known = results.get(guest);
  const result = known?.get(pid);
  if (result === undefined) throw failure("Agent error: Invalid parameter 'pid'");
  known?.delete(pid);
  const { code, out, err } = result;
  return { exited: 1, exitcode: code, ...(out && { "out-data": out }), ...(err && { "err-data": err }) };
}

/** As Proxmox hands on an exec status: output decoded, booleans as 1 and 0. */
function decoded(status: unknown): Record<string, unknown> {
  const entries = Object.entries(status as Record<string, unknown>).map(([key, value]) => {
    if (/^(out|err)-data$/.test(key)) return [key, Buffer.from(String(value), "base64").toString("utf8")];
    return [key, typeof value === "boolean" ? Number(value) : value];
  });
  return Object.fromEntries(entries);
}
