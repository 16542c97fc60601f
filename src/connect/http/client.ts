import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { SecureContext } from "node:tls";
import type { Agent, buildConnector } from "undici";
import { openPlain, openTrusted, placeOf } from "./connection.ts";
import { failuresOf } from "./failures.ts";
import { contextOf } from "./tls-trust.ts";
import type { HttpClient, HttpReply, HttpRequest, ServerWords, TlsTrust } from "./types.ts";

/**
 * A client for http and https that keeps connections alive, one or many servers. Redirects are results and never
 * followed, nothing is tried again, proxies that the environment names are not used. Opens no connection yet. Problem
 * `…-ca-file` of kind `configuration`.
 */
export function createHttpClient(words: ServerWords, trust: TlsTrust): HttpClient {
  let context: SecureContext | undefined;
  // The system's authorities take a tenth of a second to read, and many a client never opens a connection with TLS.
  const trusting = { trust, context: () => (context ??= contextOf(trust, words)), words };
  if (trust.kind === "ca-file" || (trust.kind === "system" && trust.caFile !== undefined)) trusting.context();
  const failures = failuresOf(words);
  let agent: Promise<Agent> | undefined;
  let underWay = 0;
  let connecting = new AbortController();
  /** By host, as requests said: undici's connector knows the origin alone. */
  const addresses = new Map<string, string>();

  const connect: buildConnector.connector = (to, done) => {
    const place = { ...placeOf(to), address: addresses.get(placeOf(to).host) };
    const open =
      to.protocol === "https:"
        ? openTrusted(place, trusting, connecting.signal)
        : openPlain(place, connecting.signal);
    open.then(
      (socket) => done(null, socket),
      (error: Error) => done(error, null),
    );
  };

  /** Connections that are being opened; undici gives up its requests alone. */
  function abandonConnections(): void {
    connecting.abort(new Error("nothing waits for this connection any more"));
    connecting = new AbortController();
  }

  async function send(call: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const { method, url, address, headers = {}, body } = call;
    if (address !== undefined) addresses.set(placeOf(url).host, address);
    agent ??= openAgent(connect);
    const {
      statusCode,
      statusText,
      headers: got,
      body: content,
    } = await (await agent).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const bytes = call.maxBytes === "unread" ? unread(content) : await read(content, call, call.maxBytes);
    return {
      status: statusCode,
      reason: statusText,
      headers: got,
      body: bytes,
      redirect: redirectOf(statusCode, got.location, url),
    };
  }

  async function read(content: AsyncIterable<Buffer>, call: HttpRequest, limit: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      // Leaving the loop ends the connection.
      if (size > limit) throw failures.tooLarge(call);
      chunks.push(chunk);
    }
    // undici takes a connection back one turn after the last byte; a call made before that would open another one.
    await setImmediate();
    return Buffer.concat(chunks);
  }

  return {
    async exchange(call) {
      const { method, url } = call;
      const limit = new AbortController();
      const timer = setTimeout(
        () => limit.abort(failures.timeout(url, `${method} ${url.pathname}`)),
        Math.max(0, call.timeoutMs),
      );
      const signal = AbortSignal.any([limit.signal, ...(call.signal === undefined ? [] : [call.signal])]);
      underWay += 1;
      try {
        signal.throwIfAborted();
        // undici heeds the signal only once there is a connection.
        return await Promise.race([send(call, signal), aborted(signal)]);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw failures.ofConnection(error, url);
      } finally {
        clearTimeout(timer);
        underWay -= 1;
        if (underWay === 0) abandonConnections();
      }
    },
    close() {
      abandonConnections();
      void agent?.then((one) => one.destroy());
    },
  };
}

/** Ends the body, and with it the connection, which undici tells as an error of the body. */
function unread(content: Readable): Buffer {
  content.on("error", () => undefined).destroy();
  return Buffer.alloc(0);
}

/** Loaded with the first request: it takes longer than the rest of a start. */
async function openAgent(connect: buildConnector.connector): Promise<Agent> {
  const { Agent } = await import("undici");
  // The limits are ours: one for all of an exchange.
  return new Agent({ connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function redirectOf(status: number, location: string | string[] | undefined, url: URL): string | undefined {
  if (status < 300 || status > 399 || typeof location !== "string") return undefined;
  return URL.parse(location, url.href)?.href ?? location;
}
