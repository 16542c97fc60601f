import type { z } from "zod";
import { Problem } from "../../model/problem.ts";
import type { Log } from "../../model/progress.ts";
import { type Clock, systemClock } from "../clock.ts";
import { createHttpClient } from "../http/client.ts";
import type { HttpRequest } from "../http/types.ts";
import { retryWithBackoff } from "../retry.ts";
import { createEndpoints } from "./endpoints.ts";
import { content, refusal } from "./refusals.ts";
import type { CallOptions, FormBody, ProxmoxClient, ProxmoxConnection } from "./types.ts";
import { proxmoxWords } from "./words.ts";

/** A list of some thousand guests is below 2 MB. */
const maxBytes = 64 * 1024 * 1024;
/** How long one endpoint may be silent until the next is asked: this share of a call's limit, and no longer. */
const patience = { share: 0.2, mostMs: 2000 };
const formHeaders = { "Content-Type": "application/x-www-form-urlencoded" };

/** Opens no connection yet. Problem of kind `configuration` for an endpoint or a CA file that cannot be used. */
export function createProxmoxClient(
  connection: ProxmoxConnection,
  dependencies: { clock?: Clock; log?: Log } = {},
): ProxmoxClient {
  const { clock = systemClock, log } = dependencies;
  const first = originOf(connection.endpoint);
  const others = (connection.alternatives ?? []).map(originOf).filter((origin) => origin !== first);
  const origins: [string, ...string[]] = [first, ...new Set(others)];
  const token = connection.token.reveal().trim();
  const tokenId = token.split("=")[0] ?? "";
  const headers = { Authorization: `PVEAPIToken=${token}`, Accept: "application/json" };
  const http = createHttpClient(proxmoxWords, connection.tls);
  const endpoints = createEndpoints({
    origins,
    patienceMs: Math.min(patience.mostMs, connection.timeoutMs * patience.share),
    clock,
    ...(log === undefined ? {} : { log }),
  });

  async function call<T>(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    schema: z.ZodType<T>,
    options: CallOptions,
    body?: FormBody,
  ): Promise<T> {
    const limitMs = Math.min(connection.timeoutMs, options.limitMs ?? Number.POSITIVE_INFINITY);
    const deadline = clock.now() + limitMs;
    const repeatable = method === "GET" || options.repeatable === true;
    const form = body === undefined ? undefined : formOf(body);
    const sending = (
      request: Pick<HttpRequest, "method" | "headers" | "body">,
      urlAt: (origin: string) => URL,
    ) => {
      return async (origin: string, signal?: AbortSignal) => {
        const url = urlAt(origin);
        const limits = {
          timeoutMs: deadline - clock.now(),
          maxBytes,
          ...(signal === undefined ? {} : { signal }),
        };
        return { url, reply: await http.exchange({ ...request, url, ...limits }) };
      };
    };
    const at = sending(
      form === undefined
        ? { method, headers }
        : { method, headers: { ...headers, ...formHeaders }, body: form },
      (origin) => urlOf(origin, path, options.query),
    );
    const probe = sending({ method: "GET", headers }, (origin) => urlOf(origin, "version"));
    const once = async () => {
      const { signal, endpoint } = options;
      const { url, reply } =
        endpoint !== undefined
          ? await at(originOf(endpoint), signal)
          : repeatable
            ? await endpoints.ask(at, signal)
            : await at(await endpoints.answering(probe, signal), signal);
      if (reply.status >= 300) throw refusal(reply, { method, url, tokenId });
      return content(reply, schema, url);
    };
    const host = new URL(options.endpoint ?? endpoints.current()).host;
    return retryWithBackoff(once, {
      what: `${method} ${host}/api2/json/${relative(path)}`,
      clock,
      deadline,
      retryable: (error) => repeatable && mayPass(error),
      ...(log === undefined ? {} : { log }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  return {
    endpoints: origins,
    endpoint: endpoints.current,
    get: (path, schema, options = {}) => call("GET", path, schema, options),
    post: (path, body, schema, options = {}) => call("POST", path, schema, options, body),
    put: (path, body, schema, options = {}) => call("PUT", path, schema, options, body),
    delete: (path, schema, options = {}) => call("DELETE", path, schema, options),
    close: () => http.close(),
  };
}

function urlOf(origin: string, path: string, query: CallOptions["query"] = {}): URL {
  const url = new URL(`/api2/json/${relative(path)}`, origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}

function relative(path: string): string {
  return path.replace(/^\/+/, "");
}

function formOf(body: FormBody): string {
  const fields = Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(fields).toString();
}

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
