import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "../certificate.ts";
import { hasFault, type LabCore } from "../core.ts";
import { dispatch } from "./dispatch.ts";
import type { Journal, SeenRequest } from "./journal.ts";
import type { Router } from "./router.ts";

const base = "/api2/json";
/** What the fault `api-slow` costs each answer, in milliseconds. */
const slowMilliseconds = 2000;
/** Larger uploads are refused; the lab keeps them in memory. */
const maximumBodyBytes = 1024 ** 3;

export interface ApiServer {
  port: number;
  /** Follows the faults: stops and resumes listening, and cuts the connections that `api-hang` held. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

interface Serving {
  lab: LabCore;
  /** The node whose API this is. */
  node: string;
  router: Router;
  journal: Journal;
  certificate: Certificate;
}

/**
 * Starts the HTTPS API of one node; port 0 takes any that is free at the first of the addresses. Rejects where the port is
 * taken at one of them.
 */
export async function startApiServer(
  serving: Serving,
  port: number,
  addresses: readonly string[] = ["127.0.0.1"],
): Promise<ApiServer> {
  const { lab, node, certificate } = serving;
  const held = new Set<ServerResponse>();
  const options = {
    key: certificate.key,
    cert: certificate.cert,
    minVersion: "TLSv1.2",
    keepAlive: true,
  } as const;
  // A server listens at one address.
  const servers = addresses.map((address) => ({
    address,
    server: createServer(options, (request, response) => {
      serve(serving, held, request, response).catch(() => response.destroy());
    }),
  }));
  let taken = port;
  const open = async () => {
    for (const { server, address } of servers) {
      if (server.listening) continue;
      await listen(server, taken, address);
      taken = (server.address() as AddressInfo).port;
    }
  };
  const close = async () => {
    for (const { server } of servers) if (server.listening) await stop(server);
  };
  await open().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  let following: Promise<void> = Promise.resolve();
  const away = () => hasFault(lab.world, "node-offline", node) || hasFault(lab.world, "api-down", node);
  const follow = async () => {
    if (!hasFault(lab.world, "api-hang")) for (const response of held) response.destroy();
    await (away() ? close() : open());
  };
  return {
    port: taken,
    follow() {
      following = following.catch(() => undefined).then(follow);
      return following;
    },
    async close() {
      await following.catch(() => undefined);
      await close();
    },
  };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  { lab, node, router, journal }: Serving,
  held: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? "/";
  const seen: SeenRequest = {
    at: lab.now(),
    method: request.method ?? "GET",
    path: url,
    status: 0,
    user: "",
    node,
  };
  journal.add(seen);
  const hold = () => {
    held.add(response);
    response.on("close", () => held.delete(response));
  };
  if (hasFault(lab.world, "api-hang", node)) return hold();
  const body = await readBody(request);
  if (hasFault(lab.world, "api-slow")) await wait(slowMilliseconds, response);
  const [pathname = "/", query = ""] = url.split(/\?(.*)/s);
  const reply = hasFault(lab.world, "api-error")
    ? { status: 500, reason: "internal error", body: '{"data":null,"message":"internal error\\n"}', user: "" }
    : !pathname.startsWith(`${base}/`)
      ? { status: 404, reason: "not found", body: "", user: "" }
      : await dispatch(lab, router, {
          method: seen.method,
          pathname: pathname.slice(base.length),
          query: new URLSearchParams(query),
          headers: request.headers,
          body,
          entry: node,
        });
  if (reply === undefined) return hold();
  seen.status = reply.status;
  seen.user = reply.user;
  const bytes = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  response.writeHead(reply.status, reply.reason, {
    "Content-Type": "application/json;charset=UTF-8",
    "Content-Length": bytes.length,
    "Cache-Control": "max-age=0",
    Server: "pve-api-daemon/3.0",
  });
  response.end(bytes);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maximumBodyBytes) throw new Error("request too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function wait(milliseconds: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
