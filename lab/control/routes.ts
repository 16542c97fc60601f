import { guestName } from "../guest.ts";
import type { Guest, GuestInside } from "../world.ts";
import { createUnmanaged, editConfig, guestBy, guestChanges, type UnmanagedRequest } from "./changes.ts";
import { type ControlContext, ControlError } from "./context.ts";
import { breakIt, FaultError, mendIt } from "./faults.ts";
import { labInventory } from "./inventory.ts";

interface ControlCall {
  path: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

interface ControlRoute {
  method: "GET" | "POST" | "DELETE";
  path: string;
  handle(context: ControlContext, call: ControlCall): unknown;
}

const dockerStates = ["active", "inactive", "failed", "absent"] as const satisfies GuestInside["docker"][];

/** Every call of the control API. */
export const controlRoutes: readonly ControlRoute[] = [
  { method: "GET", path: "/status", handle: status },
  { method: "GET", path: "/world", handle: ({ lab }) => lab.world },
  {
    method: "GET",
    path: "/requests",
    handle: ({ journal }) => ({ count: journal.count(), requests: journal.requests() }),
  },
  { method: "DELETE", path: "/requests", handle: ({ journal }) => journal.clear() },
  { method: "GET", path: "/commands", handle: ({ ssh }) => ({ commands: ssh.commands() }) },
  { method: "DELETE", path: "/commands", handle: ({ ssh }) => ssh.clearCommands() },
  {
    method: "POST",
    path: "/break",
    handle: ({ lab }, { body }) =>
      orBadRequest(() => ({ fault: breakIt(lab, text(body, "fault") ?? "", text(body, "target")) })),
  },
  {
    method: "POST",
    path: "/mend",
    handle: ({ lab }, { body }) =>
      orBadRequest(() => ({ mended: mendIt(lab, text(body, "fault"), text(body, "target")) })),
  },
  {
    method: "POST",
    path: "/guests",
    handle: ({ lab }, { body }) => orBadRequest(() => summary(createUnmanaged(lab, unmanaged(body)))),
  },
  {
    method: "POST",
    path: "/guests/{id}/config",
    handle(context, { path, body }) {
      const guest = guest404(context, path.id);
      const changes = Object.entries(body).map(([key, value]) => [
        key,
        value === null ? null : String(value),
      ]);
      return orBadRequest(() => {
        editConfig(context.lab, guest, Object.fromEntries(changes));
        return { config: guest.config };
      });
    },
  },
  {
    method: "POST",
    path: "/guests/{id}/docker",
    handle(context, { path, body }) {
      const guest = guest404(context, path.id);
      const state = dockerStates.find((name) => name === body.state);
      if (!state) throw new ControlError(400, `state must be one of ${dockerStates.join(", ")}`);
      guest.inside.docker = state;
      return summary(guest);
    },
  },
  {
    method: "POST",
    path: "/guests/{id}/serve",
    handle(context, { path, body }) {
      const guest = guest404(context, path.id);
      const port = Number(body.port);
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        throw new ControlError(400, `port must be 1 to 65535, not ${JSON.stringify(body.port)}`);
      }
      guest.inside.http = [...new Set([...(guest.inside.http ?? []), port])];
      return summary(guest);
    },
  },
  ...Object.entries(guestChanges).map(
    ([action, change]): ControlRoute => ({
      method: "POST",
      path: `/guests/{id}/${action}`,
      async handle(context, { path }) {
        const guest = guest404(context, path.id);
        await change(context.lab, guest);
        return summary(guest);
      },
    }),
  ),
  {
    method: "GET",
    path: "/inventory",
    handle: (context, { query }) => labInventory(context, query.get("env") ?? "lab"),
  },
];

function status({ lab, endpoint, journal, store }: ControlContext): unknown {
  return {
    endpoint,
    nodes: Object.keys(lab.world.nodes),
    guests: Object.values(lab.world.guests).map(summary),
    faults: lab.world.faults,
    requests: journal.count(),
    pid: process.pid,
    unsaved: store.unsaved(),
  };
}

function summary(guest: Guest): Record<string, unknown> {
  const { vmid, kind, node, status, template } = guest;
  return { vmid, name: guestName(guest), kind, node, status, template };
}

function guest404({ lab }: ControlContext, id: string | undefined): Guest {
  const guest = guestBy(lab, id ?? "");
  if (guest) return guest;
  const list = Object.values(lab.world.guests).map((one) => `${one.vmid} (${guestName(one)})`);
  throw new ControlError(404, `no guest '${id}'; there are: ${list.join(", ") || "none"}`);
}

function text(body: Record<string, unknown>, key: string): string | undefined {
  const value = body[key];
  return value === undefined || value === null || value === "" ? undefined : String(value);
}

function unmanaged(body: Record<string, unknown>): UnmanagedRequest {
  const kind = text(body, "kind");
  if (kind !== undefined && kind !== "qemu" && kind !== "lxc") throw new Error("kind must be qemu or lxc");
  const request: UnmanagedRequest = {};
  if (kind !== undefined) request.kind = kind;
  const vmid = text(body, "vmid");
  if (vmid !== undefined) request.vmid = Number(vmid);
  for (const key of ["name", "node", "address", "tags"] as const) {
    const value = text(body, key);
    if (value !== undefined) request[key] = value;
  }
  return request;
}

function orBadRequest<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ControlError) throw error;
    if (error instanceof FaultError || error instanceof Error) throw new ControlError(400, error.message);
    throw error;
  }
}
