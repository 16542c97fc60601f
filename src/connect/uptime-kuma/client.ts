import type { Socket } from "socket.io-client";
import { z } from "zod";
import { messageOf, Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import { readTextFile } from "../read-file.ts";
import { type MonitorFields, newMonitor, type SeenMonitor, seenMonitorSchema } from "./monitor.ts";

// Uptime Kuma has no other API for its configuration than the one of its own web page: Socket.IO events with answers
// { ok, msg, … } (server/server.js of 1.23.17, 2.0.0-dev.0 and 2.5.3).

export interface KumaConnection {
  /** `http://127.0.0.1:3001` */
  url: string;
  /** An authority to trust instead of the public ones. */
  caFile?: string;
  /** Of each call, in milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface KumaClient {
  /** Whether there is no user yet. */
  needsSetup(): Promise<boolean>;
  /** Makes the first user. */
  setup(user: string, password: Secret): Promise<void>;
  /** Needed for all that follows. Problems `kuma-login`, `kuma-version`. */
  login(user: string, password: Secret): Promise<void>;
  /** As they were at the login. */
  monitors(): SeenMonitor[];
  add(monitor: MonitorFields): Promise<void>;
  /** What is not said stays as it is. */
  change(seen: SeenMonitor, fields: Partial<MonitorFields>): Promise<void>;
  remove(id: number): Promise<void>;
  close(): void;
}

/** 1.23 is the last of 1.x; what came before has other events. */
const accepted = /^(1\.23|2)\./;

const answerSchema = z.looseObject({
  ok: z.boolean().default(false),
  msg: z.string().default(""),
  tokenRequired: z.boolean().default(false),
});

/**
 * Connects. Problems of kind `undetermined`: `kuma-unreachable`, and from the calls `kuma-timeout` and `kuma-refused`, with
 * what Uptime Kuma says.
 */
export async function openKuma({ url, caFile, timeoutMs, signal }: KumaConnection): Promise<KumaClient> {
  signal.throwIfAborted();
  // 90 ms to load, and needed for this alone.
  const { io } = await import("socket.io-client");
  const socket = io(url, {
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    timeout: timeoutMs,
    ...(caFile === undefined ? {} : { ca: readTextFile(caFile) }),
  });
  const close = () => void socket.disconnect();
  signal.addEventListener("abort", close, { once: true });
  // Sent after the login without being asked for; before it, `info` comes without a version.
  const version = next(socket, "info", z.object({ version: z.string() }));
  const list = next(socket, "monitorList", z.record(z.string(), seenMonitorSchema));
  try {
    await connected(socket, url);
  } catch (error) {
    close();
    throw error;
  }
  const ask = async (event: string, ...values: unknown[]): Promise<unknown> => {
    try {
      return await socket.timeout(timeoutMs).emitWithAck(event, ...values);
    } catch {
      signal.throwIfAborted();
      throw silent(url, event);
    }
  };
  const call = async (event: string, ...values: unknown[]) => {
    const answer = answerSchema.safeParse(await ask(event, ...values)).data;
    if (answer?.ok === true) return;
    throw refused(url, event, answer?.tokenRequired ? "it asks for a second factor" : answer?.msg);
  };
  const soon = async <T>(value: Promise<T>, event: string): Promise<T> => {
    const late = AbortSignal.timeout(timeoutMs);
    const { promise, reject } = Promise.withResolvers<never>();
    late.addEventListener("abort", () => reject(silent(url, event)), { once: true });
    return Promise.race([value, promise]);
  };
  let seen: SeenMonitor[] = [];
  let server = "";
  return {
    needsSetup: async () => (await ask("needSetup")) === true,
    setup: (user, password) => call("setup", user, password.reveal()),
    async login(username, password) {
      await call("login", { username, password: password.reveal(), token: "" });
      const { version: told } = await soon(version, "info");
      if (!accepted.test(told)) throw unknownVersion(url, told);
      server = told;
      seen = Object.values(await soon(list, "monitorList"));
    },
    monitors: () => seen,
    add: (monitor) => call("add", newMonitor(monitor, server)),
    change: (monitor, fields) => call("editMonitor", { ...monitor, ...fields }),
    remove: (id) => call("deleteMonitor", id),
    close,
  };
}

/** The first event of this name whose value fits. */
function next<T>(socket: Socket, event: string, schema: z.ZodType<T>): Promise<T> {
  return new Promise((resolve) => {
    socket.on(event, (value: unknown) => {
      const parsed = schema.safeParse(value);
      if (parsed.success) resolve(parsed.data);
    });
  });
}

function connected(socket: Socket, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("connect_error", (error: Error & { description?: unknown }) => {
      const { message } = (error.description as { error?: Error } | undefined)?.error ?? error;
      reject(
        new Problem({
          kind: "undetermined",
          code: "kuma-unreachable",
          message: `Uptime Kuma does not answer at ${url}: ${messageOf(message)}`,
          place: url,
          hint: "pve-home stack status says whether it runs; stack.uptime_kuma.url in pve-home.yaml says where it is",
          cause: error,
        }),
      );
    });
  });
}

function silent(url: string, event: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "kuma-timeout",
    message: `Uptime Kuma at ${url} does not answer "${event}" in time`,
    place: url,
    hint: "try again; its log says more: docker logs monitoring-uptime-kuma-1",
  });
}

function refused(url: string, event: string, said: string | undefined): Problem {
  const login = event === "login";
  return new Problem({
    kind: "undetermined",
    code: login ? "kuma-login" : "kuma-refused",
    message: `Uptime Kuma at ${url} refuses "${event}": ${said || "it does not say why"}`,
    place: url,
    ...(login
      ? { hint: "set stack.uptime_kuma.user and stack.uptime_kuma.password to those of its user" }
      : {}),
  });
}

function unknownVersion(url: string, version: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "kuma-version",
    message: `Uptime Kuma at ${url} is ${version}, and supported are 1.23 and 2.x`,
    place: url,
    hint: "use another image: pve-home stack up --image uptime-kuma=louislam/uptime-kuma:2.5.3-slim",
  });
}
