import type { z } from "zod";
import { Problem } from "../../model/problem.ts";
import { type Clock, systemClock } from "../clock.ts";
import { retryWithBackoff } from "../retry.ts";
import { exchange, type Reply } from "./exchange.ts";
import { redirected, refusal } from "./refusals.ts";
import { trustingAgent } from "./tls-trust.ts";
import type { CallOptions, ProxmoxClient, ProxmoxConnection } from "./types.ts";

/** Opens no connection yet. Problem of kind `configuration` for an endpoint or a CA file that cannot be used. */
export function createProxmoxClient(
  connection: ProxmoxConnection,
  dependencies: { clock?: Clock; log?: (line: string) => void } = {},
): ProxmoxClient {
  const origin = originOf(connection.endpoint);
  const { clock = systemClock, log } = dependencies;
  const token = connection.token.reveal().trim();
  const tokenId = token.split("=")[0] ?? "";
  const headers = { Authorization: `PVEAPIToken=${token}`, Accept: "application/json" };
  const agent = trustingAgent(connection.tls);

  async function call<T>(
    method: "GET" | "POST",
    path: string,
    schema: z.ZodType<T>,
    options: CallOptions,
    form?: URLSearchParams,
  ): Promise<T> {
    const url = new URL(`/api2/json/${path.replace(/^\/+/, "")}`, origin);
    for (const [name, value] of Object.entries(options.query ?? {}))
      url.searchParams.set(name, String(value));
    const deadline = clock.now() + connection.timeoutMs;
    const once = async () => {
      const reply = await exchange({
        method,
        url,
        agent,
        headers: form === undefined ? headers : { ...headers, ...formHeaders },
        timeoutMs: deadline - clock.now(),
        ...(form === undefined ? {} : { body: form.toString() }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      if (reply.location !== undefined) throw redirected(reply.location, url);
      if (reply.status >= 400) throw refusal(reply, { method, url, tokenId });
      return content(reply, schema, url);
    };
    const repeatable = method === "GET" || options.repeatable === true;
    return retryWithBackoff(once, {
      what: `${method} ${url.host}${url.pathname}`,
      clock,
      deadline,
      retryable: (error) => repeatable && mayPass(error),
      ...(log === undefined ? {} : { log }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  return {
    get: (path, schema, options = {}) => call("GET", path, schema, options),
    post: (path, body, schema, options = {}) => {
      const fields = Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]);
      return call("POST", path, schema, options, new URLSearchParams(fields));
    },
    close: () => agent.destroy(),
  };
}

const formHeaders = { "Content-Type": "application/x-www-form-urlencoded" };

function originOf(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url?.protocol === "https:") return url.origin;
  throw new Problem({
    kind: "configuration",
    code: "proxmox-endpoint",
    message: `the Proxmox endpoint "${endpoint}" is no https URL`,
    hint: "for example: https://192.168.1.10:8006/",
  });
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof Problem) || error.code !== "proxmox-unreachable") return false;
  const cause = error.cause;
  return !(cause instanceof Error && "code" in cause && cause.code === "ENOTFOUND");
}

function content<T>(reply: Reply, schema: z.ZodType<T>, url: URL): T {
  const unexpected = (why: string) =>
    new Problem({
      kind: "undetermined",
      code: "proxmox-reply",
      message: `the reply to ${url.pathname} is not what Proxmox VE answers: ${why}`,
      place: url.href,
      hint: "is proxmox.endpoint a Proxmox VE (8.0 or newer), and not something in front of it?",
    });
  let value: unknown;
  try {
    value = JSON.parse(reply.body);
  } catch {
    throw unexpected("no JSON");
  }
  if (typeof value !== "object" || value === null || !("data" in value)) throw unexpected('no "data"');
  const result = schema.safeParse(value.data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const why = issue?.message.replace(/^Invalid input: /, "");
  throw unexpected(`${["data", ...(issue?.path ?? [])].join(".")}: ${why}`);
}
