import type { z } from "zod";
import type { HttpClient } from "../connect/http/types.ts";
import type { GuestStatus, NodeStatus, ProxmoxClient } from "../connect/proxmox/types.ts";
import type { SshClient, SshSession, SshTarget } from "../connect/ssh/types.ts";
import type { Cluster } from "../homelab/cluster.ts";
import type { Guest, Inventory } from "../model/inventory.ts";
import { Problem } from "../model/problem.ts";
import type { Answer, ApiContext, NetworkContext } from "./check.ts";
import { manualClock } from "./clock.test-helper.ts";
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
    started: true,
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
  /** `user@host:port QUESTION` or `… COMMAND` */
  readonly asked: string[];
}

/**
 * Answers each command, and of a probe that is sent each question; a thrown Problem is the connection's failure, and
 * what was answered before it has arrived.
 */
export function fakeSsh(answer: (target: SshTarget, command: string) => Answer | Promise<Answer>): FakeSsh {
  const asked: string[] = [];
  const ask = async (target: SshTarget, command: string) => {
    asked.push(`${target.user}@${target.host}:${target.port} ${command}`);
    return answer(target, command);
  };
  const session = (target: SshTarget): SshSession => ({
    target,
    run: async (command, { stdin, timeoutMs, onLine }) => {
      if (typeof timeoutMs === "function") timeoutMs();
      if (stdin === undefined) {
        const { exitCode, output } = await ask(target, command);
        return { exitCode, stdout: output, stderr: "" };
      }
      const { exitCode } = await ask(target, "login");
      if (exitCode !== 0) return { exitCode, stdout: "", stderr: "" };
      for (const line of stdin.split("\n")) {
        const [, question] = /sh -c '(.*)' <\/dev\/null/.exec(line) ?? [];
        const [, own] = /^printf '(?:\\n)?(@pve-home .*)\\n'$/.exec(line) ?? [];
        if (own !== undefined) onLine?.(own);
        if (question === undefined) continue;
        const reply = await ask(target, question);
        for (const text of [...reply.output.split("\n"), String(reply.exitCode)]) onLine?.(` ${text}`);
      }
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  });
  return { asked, session, close: async () => undefined };
}

/** An SSH whose every question is answered well. */
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
export function contextOf(facts: Partial<ApiContext & NetworkContext>): ApiContext & NetworkContext {
  const clock = facts.clock ?? manualClock();
  const absent = (what: string) => () => {
    throw new Error(`the test gave no ${what}`);
  };
  return {
    environment: "prod",
    cluster: absent("cluster"),
    proxmox: absent("proxmox"),
    http: absentHttp,
    deadline: clock.now() + 10_000,
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
