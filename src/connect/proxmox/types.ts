import type { z } from "zod";
import type { Secret } from "../../model/secret.ts";

/** How the server's certificate is trusted. `off` is an explicit setting that is reported, never a fallback. */
export type TlsTrust =
  | { kind: "system" }
  | { kind: "ca-file"; path: string }
  /** SHA-256 of the certificate, hex with colons, as Proxmox prints it. */
  | { kind: "fingerprint"; sha256: string }
  | { kind: "off" };

export interface ProxmoxConnection {
  /** `https://HOST:PORT/`; a path is dropped, as the Terraform provider does. */
  endpoint: string;
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
 * `proxmox-redirect`, `proxmox-reply` (not the shape expected). Reads are retried where the failure may pass; writes are not.
 */
export interface ProxmoxClient {
  get<T>(path: string, schema: z.ZodType<T>, options?: CallOptions): Promise<T>;
  post<T>(
    path: string,
    body: Record<string, string | number>,
    schema: z.ZodType<T>,
    options?: CallOptions,
  ): Promise<T>;
  close(): void;
}

export interface CallOptions {
  signal?: AbortSignal;
  query?: Record<string, string | number>;
  /** A POST that changes nothing: it is retried as a read is. */
  repeatable?: boolean;
}

export interface GuestRef {
  node: string;
  vmid: number;
}

/** A row of `cluster/resources?type=vm`. */
export interface GuestStatus {
  vmid: number;
  type: "vm" | "lxc";
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
