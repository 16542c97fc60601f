import type { SeenRequest } from "./api/journal.ts";
import type { StrangerRequest } from "./control/changes.ts";
import type { LabInventory } from "./control/inventory.ts";
import type { LabFacts } from "./facts.ts";
import type { SeenCommand } from "./ssh/servers.ts";
import type { ConfigValue, Fault, GuestInside, GuestKind, World } from "./world.ts";

export { LabError, readLabFacts } from "./facts.ts";

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
}

/** Calls of the control API. A guest is named by vmid or name. Each rejects with the lab's own message. */
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
  create(request?: StrangerRequest): Promise<GuestSummary>;
  docker(guest: string, state: GuestInside["docker"]): Promise<GuestSummary>;
  inventory(environment: string): Promise<LabInventory>;
}

/** A client of a running lab's control API. */
export function controlClient(facts: Pick<LabFacts, "control">): ControlClient {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${facts.control.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${facts.control.token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(answer.error ?? `lab control: HTTP ${response.status}`);
    return answer;
  };
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
    inventory: (environment) => call("GET", `/inventory?env=${encodeURIComponent(environment)}`),
  };
}
