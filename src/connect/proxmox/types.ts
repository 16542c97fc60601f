import type { z } from "zod";
import type { GuestKind } from "../../model/guest-kind.ts";
import type { Secret } from "../../model/secret.ts";
import type { TlsTrust } from "../http/types.ts";

export interface ProxmoxConnection {
  /** `https://HOST:PORT/`; a path is dropped, as the Terraform provider does. */
  endpoint: string;
  /** The same of other nodes of the cluster, asked in this order where the one before does not answer. */
  alternatives?: readonly string[];
  /** `USER@REALM!TOKENID=SECRET` */
  token: Secret;
  tls: TlsTrust;
  /** Limit of one call, its retries included, in milliseconds. */
  timeoutMs: number;
}

/**
 * A thin client for `/api2/json`. Every reply is parsed with a schema. Fails with a Problem of kind
 * `undetermined`: `proxmox-unreachable`, `proxmox-timeout`, `proxmox-tls`, `proxmox-unauthorized` (401),
 * `proxmox-forbidden` (403, the missing privilege named), `proxmox-not-found`, `proxmox-error`,
 * `proxmox-redirect`, `proxmox-reply` (not the shape expected). Reads are retried where the failure may pass, and go to the next endpoint
 * where one does not answer; writes are made once, at an endpoint that answered.
 */
export interface ProxmoxClient {
  /** The origins of all endpoints, in the order in which they are asked. */
  readonly endpoints: readonly string[];
  /** The endpoint that answered last; the first until one has. */
  endpoint(): string;
  get<T>(path: string, schema: z.ZodType<T>, options?: CallOptions): Promise<T>;
  post<T>(path: string, body: FormBody, schema: z.ZodType<T>, options?: CallOptions): Promise<T>;
  put<T>(path: string, body: FormBody, schema: z.ZodType<T>, options?: CallOptions): Promise<T>;
  /** Parameters go into the query. */
  delete<T>(path: string, schema: z.ZodType<T>, options?: CallOptions): Promise<T>;
  close(): void;
}

export type FormBody = Readonly<Record<string, string | number>>;

export interface CallOptions {
  signal?: AbortSignal;
  query?: Record<string, string | number>;
  /** A POST that changes nothing: it is retried as a read is. */
  repeatable?: boolean;
  /** Asks this endpoint and no other. */
  endpoint?: string;
  /** Less time than the connection's, in milliseconds. */
  limitMs?: number;
}

export interface GuestRef {
  node: string;
  vmid: number;
}

/** A row of `cluster/resources?type=vm`. */
export interface GuestStatus {
  vmid: number;
  type: GuestKind;
  name: string;
  node: string;
  status: "running" | "stopped" | "unknown" | "paused" | "suspended";
  template: boolean;
  /** Seconds since it was started; 0 when stopped. */
  uptime: number;
  /** `backup`, `snapshot`, `migrate`, … */
  lock: string | undefined;
  tags: string[];
}

/** A row of `nodes`. */
export interface NodeStatus {
  node: string;
  status: "online" | "offline" | "unknown";
  /** Seconds since it was started; 0 when it is not online. */
  uptime: number;
  /** Used share, 0 to 1. */
  cpu: number | undefined;
  /** Bytes. */
  memory: { used: number; total: number } | undefined;
}

/** Why the QEMU agent of a guest does or does not answer. */
export type AgentState =
  | "answers"
  | "agent-not-running"
  | "agent-not-configured"
  | "guest-not-running"
  | "timeout";

export interface BackupJob {
  id: string;
  enabled: boolean;
  schedule: string | undefined;
  storage: string | undefined;
  /** Every guest, less `exclude`. */
  all: boolean;
  pool: string | undefined;
  vmids: number[];
  exclude: number[];
}

export interface ProxmoxVersion {
  /** `9.1.1` */
  version: string;
  /** `9.1` */
  release: string;
}
