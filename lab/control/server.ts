import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ControlContext, ControlError } from "./context.ts";
import { controlRoutes } from "./routes.ts";

export interface ControlServer {
  port: number;
  close(): Promise<void>;
}

/** Starts the control API on 127.0.0.1: plain HTTP and JSON, for changes by hand, faults and questions. */
export async function startControlServer(context: ControlContext): Promise<ControlServer> {
  const server = createServer((request, response) => {
    handle(context, request)
      .then((result) => send(response, 200, result ?? {}))
      .catch((error: unknown) => {
        const status = error instanceof ControlError ? error.status : 500;
        send(response, status, { error: error instanceof Error ? error.message : String(error) });
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function handle(context: ControlContext, request: IncomingMessage): Promise<unknown> {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${context.token}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new ControlError(401, "wrong or missing bearer token");
  }
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = await readJson(request);
  const path = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  for (const route of controlRoutes) {
    const found = route.method === request.method && match(route.path, path);
    if (found) {
      const result = await route.handle(context, { path: found, query: url.searchParams, body });
      if (request.method !== "GET") await context.lab.changed();
      return result;
    }
  }
  throw new ControlError(404, `no such call: ${request.method} ${url.pathname}`);
}

function match(pattern: string, path: readonly string[]): Record<string, string> | undefined {
  const segments = pattern.split("/").filter(Boolean);
  if (segments.length !== path.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = path[index] ?? "";
    if (segment.startsWith("{")) found[segment.slice(1, -1)] = part;
    else if (segment !== part) return undefined;
  }
  return found;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {}
  throw new ControlError(400, "the body is no JSON object");
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
