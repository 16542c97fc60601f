import type { LabCore } from "../core.ts";
import { hasFault } from "../core.ts";
import { Encoded } from "./encoded.ts";
import { ApiError } from "./errors.ts";
import { type Identity, identify } from "./identity.ts";
import { readInput } from "./input.ts";
import { type Call, checkPermission } from "./route.ts";
import type { Router } from "./router.ts";

/** What the HTTP server took off the wire. */
export interface RawRequest {
  method: string;
  /** Path below /api2/json, still escaped. */
  pathname: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The node whose API was asked. */
  entry: string;
}

export interface RawReply {
  status: number;
  /** HTTP reason phrase; Proxmox puts the error message here. */
  reason: string;
  body: string | Buffer;
  user: string;
}

/**
 * Answers one API request: authentication, permission, handler, envelope. Never rejects; undefined where the node that
 * the request is passed on to never answers.
 */
export async function dispatch(
  lab: LabCore,
  router: Router,
  request: RawRequest,
): Promise<RawReply | undefined> {
  const seen: { who?: Identity } = {};
  try {
    const body = await answer(lab, router, request, seen);
    return { status: 200, reason: "OK", body, user: seen.who?.name ?? "" };
  } catch (error) {
    if (error === hangs) return undefined;
    const user = seen.who?.name ?? "";
    if (error instanceof ApiError) return { ...errorReply(error), user };
    const message = error instanceof Error ? error.message : String(error);
    return { ...errorReply(new ApiError(500, message)), user };
  }
}

async function answer(
  lab: LabCore,
  router: Router,
  request: RawRequest,
  seen: { who?: Identity },
): Promise<string | Buffer> {
  const match = router(request.method, request.pathname);
  const permission = match?.route.permission;
  if (permission !== "world") {
    seen.who = identify(lab.world, lab.tickets, {
      method: request.method,
      authorization: header(request, "authorization"),
      cookie: header(request, "cookie"),
      csrf: header(request, "csrfpreventiontoken"),
      upload: request.pathname.replace(/\/$/, "").endsWith("/upload"),
    });
  }
  if (!match || permission === undefined) {
    throw new ApiError(501, `Method '${request.method} ${request.pathname}' not implemented`);
  }
  const call: Call = {
    lab,
    who: seen.who ?? { name: "", privileges: {}, token: false },
    path: match.path,
    input: await readInput(request.query, header(request, "content-type") ?? "", request.body),
    entry: request.entry,
    beside: {},
  };
  checkPermission(call, permission);
  checkNode(lab, match.path.node, request.entry);
  const data = await match.route.handle(call);
  if (request.method !== "GET") await lab.changed();
  return data instanceof Encoded ? data.bytes : JSON.stringify({ data: data ?? null, ...call.beside });
}

const hangs = Symbol("the node does not answer");

// Requests about a node are proxied to its API: an unknown name does not resolve, an API that is away gives 595.
function checkNode(lab: LabCore, node: string | undefined, entry: string): void {
  if (node === undefined) return;
  if (!lab.world.nodes[node]) {
    throw new ApiError(
      500,
      `hostname lookup '${node}' failed - failed to get address info for: ${node}: Name or service not known`,
    );
  }
  if (hasFault(lab.world, "node-offline", node)) throw new ApiError(595, "No route to host");
  if (node === entry) return;
  if (hasFault(lab.world, "api-down", node)) throw new ApiError(595, "Connection refused");
  if (hasFault(lab.world, "api-hang", node)) throw hangs;
}

function header(request: RawRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join("; ") : value;
}

function errorReply(error: ApiError): Omit<RawReply, "user"> {
  const reason = error.message.replace(/[^\x20-\x7e]+/g, " ").trim();
  if (error.bodyless) return { status: error.status, reason, body: "" };
  const body = { data: null, message: `${error.message}\n`, ...(error.errors && { errors: error.errors }) };
  return { status: error.status, reason, body: JSON.stringify(body) };
}
