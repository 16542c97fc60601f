import type { IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import { messageOf, Problem } from "../../model/problem.ts";
import type { TrustedRequestOptions } from "./tls-trust.ts";

export interface ExchangeRequest {
  method: "GET" | "POST";
  url: URL;
  headers: Record<string, string>;
  body?: string;
  agent: Agent;
  /** Limit for all of it: connection, headers and body. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  /** The reason phrase, where Proxmox also puts its message. */
  reason: string;
  body: string;
  /** Where a redirect leads to; it is not followed, because the token would go along. */
  location?: string;
}

/** A list of some thousand guests is below 2 MB. */
const maxBodyBytes = 64 * 1024 * 1024;

/** One request and its whole reply. Problems `proxmox-timeout`, `proxmox-tls`, `proxmox-unreachable`. */
export async function exchange(call: ExchangeRequest): Promise<Reply> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(timeoutProblem(call)), Math.max(0, call.timeoutMs));
  const signal = AbortSignal.any(call.signal === undefined ? [limit.signal] : [limit.signal, call.signal]);
  try {
    const response = await send(call, signal);
    const body = await read(response, call.url);
    const { statusCode = 0, statusMessage = "", headers } = response;
    const location = statusCode >= 300 && statusCode < 400 ? headers.location : undefined;
    return {
      status: statusCode,
      reason: statusMessage,
      body,
      ...(location === undefined ? {} : { location }),
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof Problem ? error : connectionProblem(error, call.url);
  } finally {
    clearTimeout(timer);
  }
}

function send(call: ExchangeRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, headers, agent, body = "" } = call;
  return new Promise((resolve, reject) => {
    const length = method === "POST" ? { "Content-Length": String(Buffer.byteLength(body)) } : {};
    const options: TrustedRequestOptions = {
      method,
      agent,
      signal,
      connectSignal: signal,
      headers: { ...headers, ...length },
    };
    const outgoing = request(call.url, options);
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function read(response: IncomingMessage, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) {
      response.destroy();
      throw new Problem({
        kind: "undetermined",
        code: "proxmox-reply",
        message: `the reply of ${url.host} to ${url.pathname} is larger than ${maxBodyBytes} bytes`,
        place: url.href,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function timeoutProblem(call: ExchangeRequest): Problem {
  return new Problem({
    kind: "undetermined",
    code: "proxmox-timeout",
    message: `Proxmox at ${call.url.host} did not answer ${call.method} ${call.url.pathname} in time`,
    place: call.url.href,
    hint: "look at `systemctl status pveproxy pvedaemon` on the node, or allow more with --timeout",
  });
}

function connectionProblem(error: unknown, url: URL): Problem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const facts = { kind: "undetermined" as const, place: url.href, cause: error };
  if (/^(EPROTO|ERR_SSL_|ERR_TLS_)/.test(code)) {
    return new Problem({
      ...facts,
      code: "proxmox-tls",
      message: `no TLS connection to ${url.host}: ${reasonOf(error)}`,
      hint: "check the port (8006 is Proxmox's own) and that the server speaks TLS 1.2 or newer",
    });
  }
  const unresolved = code === "ENOTFOUND";
  return new Problem({
    ...facts,
    code: "proxmox-unreachable",
    message: unresolved
      ? `the name ${url.hostname} does not resolve`
      : `Proxmox at ${url.host} is not reachable: ${reasonOf(error)}`,
    hint: unresolved
      ? "check proxmox.endpoint, or use the address of a node"
      : `check proxmox.endpoint, then: curl -k ${url.origin}`,
  });
}

/** OpenSSL's own errors are full of file names and numbers: the last part is the reason. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && "reason" in error && typeof error.reason === "string") return error.reason;
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  return messageOf(error);
}
