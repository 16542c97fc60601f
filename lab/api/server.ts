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
  /** Cuts the connections that `api-hang` holds, once it is mended. */
  release(): void;
  close(): Promise<void>;
}

/** Starts the HTTPS API on 127.0.0.1; port 0 takes any free one. Rejects where the port is taken. */
export async function startApiServer(
  lab: LabCore,
  router: Router,
  journal: Journal,
  certificate: Certificate,
  port: number,
): Promise<ApiServer> {
  const held = new Set<ServerResponse>();
  const server = createServer(
    { key: certificate.key, cert: certificate.cert, minVersion: "TLSv1.2", keepAlive: true },
    (request, response) => {
      serve(lab, router, journal, held, request, response).catch(() => response.destroy());
    },
  );
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    release() {
      if (hasFault(lab.world, "api-hang")) return;
      for (const response of held) response.destroy();
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function serve(
  lab: LabCore,
  router: Router,
  journal: Journal,
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
  };
  journal.add(seen);
  if (hasFault(lab.world, "api-hang")) {
    held.add(response);
    response.on("close", () => held.delete(response));
    return;
  }
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
        });
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

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
