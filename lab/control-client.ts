import type { SeenRequest } from "./api/journal.ts";
import type { UnmanagedRequest } from "./control/changes.ts";
import type { LabInventory } from "./control/inventory.ts";
import { controlCall } from "./control-call.ts";
import type { LabFacts } from "./facts.ts";
import type { SeenCommand } from "./ssh/servers.ts";
import type { ConfigValue, Fault, GuestInside, GuestKind, World } from "./world.ts";

export { readLabFacts } from "./facts.ts";

export interface GuestSummary {
  vmid: number;
  name: string;
  kind: GuestKind;
  node: string;
  status: "running" | "stopped";
  template: boolean;
}

export interface LabStatus {
  endpoint: string;
  nodes: string[];
  guests: GuestSummary[];
  faults: Fault[];
  /** API requests seen. */
  requests: number;
  pid: number;
  /** Why the latest changes are not on disk, where they are not. */
  unsaved?: string;
}

/** Calls of the control API. A guest is named by vmid or by a name that only it has. Each rejects with a LabError. */
export interface ControlClient {
  status(): Promise<LabStatus>;
  world(): Promise<World>;
  requests(): Promise<{ count: number; requests: SeenRequest[] }>;
  clearRequests(): Promise<void>;
  commands(): Promise<SeenCommand[]>;
  clearCommands(): Promise<void>;
  break(fault: string, target?: string): Promise<Fault>;
  /** Without arguments: everything. Returns what was mended. */
  mend(fault?: string, target?: string): Promise<Fault[]>;
  start(guest: string): Promise<GuestSummary>;
  stop(guest: string): Promise<GuestSummary>;
  delete(guest: string): Promise<GuestSummary>;
  recreate(guest: string): Promise<GuestSummary>;
  /** Null or an empty text deletes a key. */
  config(
    guest: string,
    changes: Record<string, string | number | null>,
  ): Promise<Record<string, ConfigValue>>;
  create(request?: UnmanagedRequest): Promise<GuestSummary>;
  docker(guest: string, state: GuestInside["docker"]): Promise<GuestSummary>;
  /** Lets the guest answer HTTP on a port. */
  serve(guest: string, port: number): Promise<GuestSummary>;
  inventory(environment: string): Promise<LabInventory>;
}

/** A client of a running lab's control API. */
export function controlClient(facts: Pick<LabFacts, "control">): ControlClient {
  const call = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    controlCall(facts.control, method, path, body);
  const change = (guest: string, action: string, body?: unknown) =>
    call<GuestSummary>("POST", `/guests/${encodeURIComponent(guest)}/${action}`, body);
  return {
    status: () => call("GET", "/status"),
    world: () => call("GET", "/world"),
    requests: () => call("GET", "/requests"),
    clearRequests: async () => void (await call("DELETE", "/requests")),
    commands: async () => (await call<{ commands: SeenCommand[] }>("GET", "/commands")).commands,
    clearCommands: async () => void (await call("DELETE", "/commands")),
    break: async (fault, target) => (await call<{ fault: Fault }>("POST", "/break", { fault, target })).fault,
    mend: async (fault, target) =>
      (await call<{ mended: Fault[] }>("POST", "/mend", { fault, target })).mended,
    start: (guest) => change(guest, "start"),
    stop: (guest) => change(guest, "stop"),
    delete: (guest) => change(guest, "delete"),
    recreate: (guest) => change(guest, "recreate"),
    config: async (guest, changes) => {
      const path = `/guests/${encodeURIComponent(guest)}/config`;
      return (await call<{ config: Record<string, ConfigValue> }>("POST", path, changes)).config;
    },
    create: (request = {}) => call("POST", "/guests", request),
    docker: (guest, state) => change(guest, "docker", { state }),
    serve: (guest, port) => change(guest, "serve", { port }),
    inventory: (environment) => call("GET", `/inventory?env=${encodeURIComponent(environment)}`),
  };
}
