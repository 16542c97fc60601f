import type { z } from "zod";
import type { Clock } from "../connect/clock.ts";
import type { HttpClient } from "../connect/http/types.ts";
import type { GuestStatus, NodeStatus, ProxmoxClient } from "../connect/proxmox/types.ts";
import type { CommandResult, SshClient, SshTarget } from "../connect/ssh/types.ts";
import type { Cluster } from "../homelab/cluster.ts";
import type { Guest, Inventory } from "../model/inventory.ts";
import { Problem } from "../model/problem.ts";
import type { CheckContext } from "./check.ts";
import type { GuestComponent } from "./component.ts";
import type { HealthRun } from "./run.ts";

function guestOf(facts: Partial<Guest>): Guest {
  return {
    name: "web",
    type: "vm",
    vmid: 101,
    node: "pve1",
    address: "10.0.0.101",
    ssh_user: "debian",
    ssh_port: 22,
    docker: false,
    agent: false,
    node_exporter: false,
    log_agent: null,
    on_boot: true,
    tags: [],
    ...facts,
  };
}

export function guestComponent(facts: Partial<Guest>): GuestComponent {
  const guest = guestOf(facts);
  return { type: guest.type, name: guest.name, guest };
}

/** Of these guests and the nodes that they are on. */
export function inventoryOf(...facts: Partial<Guest>[]): Inventory {
  const guests = facts.map(guestOf);
  const nodes = [...new Set(guests.map(({ node }) => node))];
  return {
    schema_version: 2,
    environment: "prod",
    domain: null,
    nodes: nodes.map((name) => ({ name, address: null, api_port: 8006, node_exporter: false })),
    guests,
    services: [],
  };
}

function statusOf(facts: Partial<GuestStatus>): GuestStatus {
  return {
    vmid: 101,
    type: "vm",
    name: "web",
    node: "pve1",
    status: "running",
    template: false,
    uptime: 86_400,
    lock: undefined,
    tags: [],
    ...facts,
  };
}

function nodeOf(facts: Partial<NodeStatus>): NodeStatus {
  return { node: "pve1", status: "online", uptime: 864_000, cpu: 0.1, memory: undefined, ...facts };
}

export function clusterOf(guests: Partial<GuestStatus>[], nodes: Partial<NodeStatus>[] = [{}]): Cluster {
  return {
    guests: new Map(guests.map(statusOf).map((guest) => [guest.vmid, guest])),
    nodes: new Map(nodes.map(nodeOf).map((node) => [node.node, node])),
  };
}

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on, ending the waits that fall due in between in their order. */
  advance(ms: number): Promise<void>;
}

export function manualClock(): ManualClock {
  let now = Date.UTC(2026, 0, 1);
  const waits = new Set<{ due: number; end: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const wait = { due: now + ms, end: resolve };
        waits.add(wait);
        signal?.addEventListener("abort", () => {
          waits.delete(wait);
          reject(signal.reason);
        });
      }),
    advance: async (ms) => {
      const until = now + ms;
      for (;;) {
        await settle();
        const [next] = [...waits].filter((wait) => wait.due <= until).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        now = Math.max(now, next.due);
        waits.delete(next);
        next.end();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Raw replies by path and, for a path with a query, `path?key=value`; a function is called, `hang` never answers. */
export type Replies = Record<string, unknown>;

export const hang = () => new Promise<never>(() => undefined);

export interface FakeProxmox extends ProxmoxClient {
  readonly asked: string[];
}

export function fakeProxmox(replies: Replies): FakeProxmox {
  const asked: string[] = [];
  const answer = async <T>(
    path: string,
    schema: z.ZodType<T>,
    query: Record<string, string | number> = {},
  ) => {
    const search = new URLSearchParams(
      Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const place = search.size === 0 ? path : `${path}?${search}`;
    asked.push(place);
    const reply = replies[place];
    const data: unknown = typeof reply === "function" ? await reply() : reply;
    if (data === undefined) throw problem("proxmox-not-found", `${place} is not there`);
    return schema.parse(data);
  };
  return {
    asked,
    endpoints: ["https://127.0.0.1:8006"],
    endpoint: () => "https://127.0.0.1:8006",
    get: (path, schema, options) => answer(path, schema, options?.query),
    post: (path, _body, schema, options) => answer(path, schema, options?.query),
    put: (path, _body, schema, options) => answer(path, schema, options?.query),
    delete: (path, schema, options) => answer(path, schema, options?.query),
    close: () => undefined,
  };
}

/** The replies of a cluster, as Proxmox words them. */
export function clusterReplies(guests: Partial<GuestStatus>[], nodes: Partial<NodeStatus>[] = [{}]): Replies {
  const rows = guests.map(statusOf).map(({ type, template, tags, ...row }) => ({
    ...row,
    type: type === "vm" ? "qemu" : "lxc",
    id: `${type === "vm" ? "qemu" : "lxc"}/${row.vmid}`,
    template: template ? 1 : 0,
    tags: tags.join(";"),
  }));
  return { "cluster/resources?type=vm": rows, nodes: nodes.map(nodeOf) };
}

export function problem(code: string, message = code, hint?: string): Problem {
  return new Problem({ kind: "undetermined", code, message, ...(hint === undefined ? {} : { hint }) });
}

export interface FakeSsh extends SshClient {
  /** `user@host:port command` */
  readonly asked: string[];
}

/** Answers each command; a thrown Problem is the connection's failure. */
export function fakeSsh(
  answer: (target: SshTarget, command: string) => CommandResult | Promise<CommandResult>,
): FakeSsh {
  const asked: string[] = [];
  return {
    asked,
    session: (target) => ({
      target,
      exec: async (command, options) => {
        asked.push(`${target.user}@${target.host}:${target.port} ${command}`);
        if (typeof options.timeoutMs === "function") options.timeoutMs();
        return answer(target, command);
      },
    }),
    close: async () => undefined,
  };
}

/** An SSH whose every command succeeds. */
function willingSsh(): FakeSsh {
  return fakeSsh((_target, command) => ({
    exitCode: 0,
    output: command.includes("is-active") ? "active" : "",
  }));
}

/** Asks nothing. */
const absentHttp: HttpClient = {
  exchange: () => Promise.reject(new Error("the test gave no http")),
  close: () => undefined,
};

/** What a check is given, with nothing behind it but what the test names. */
export function contextOf(facts: Partial<CheckContext>): CheckContext {
  const clock = facts.clock ?? manualClock();
  const absent = (what: string) => () => {
    throw new Error(`the test gave no ${what}`);
  };
  return {
    environment: "prod",
    cluster: absent("cluster"),
    proxmox: absent("proxmox"),
    ssh: absent("ssh"),
    http: absentHttp,
    deadline: clock.now() + 10_000,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    clock,
    log: () => undefined,
    ...facts,
  };
}

/** A run of one environment, `prod`, less what the test names. */
export function runOf(
  facts: Partial<HealthRun> & Partial<HealthRun["environments"][number]> & Pick<HealthRun, "checks">,
): HealthRun {
  const { environment = "prod", inventory = inventoryOf({}), ssh = willingSsh() } = facts;
  const proxmox = facts.proxmox ?? fakeProxmox(clusterReplies([{}]));
  return {
    environments: [{ environment, inventory, proxmox, ssh }],
    http: absentHttp,
    timeoutMs: 10_000,
    bootGraceMs: 120_000,
    concurrency: 32,
    clock: manualClock(),
    log: () => undefined,
    ...facts,
  };
}
