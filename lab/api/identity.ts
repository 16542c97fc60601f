import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Privileges, World } from "../world.ts";
import { ApiError } from "./errors.ts";
import { grantsOf } from "./grants.ts";

/** Who calls: `user@realm` or `user@realm!token`. */
export interface Identity {
  name: string;
  privileges: Privileges;
  /** Bounds the above: what the user of a token with privilege separation may. */
  within?: Privileges;
  token: boolean;
}

export interface Tickets {
  /** A ticket and CSRF token for a user whose password has been checked. */
  issue(user: string): { ticket: string; csrf: string };
  /** The user of a valid ticket. */
  userOf(ticket: string): string | undefined;
  csrfFits(user: string, csrf: string): boolean;
}

/** Proxmox tickets live for two hours (PVE::AccessControl). */
const ticketSeconds = 2 * 3600;

/** Makes and checks tickets; the key lives as long as the lab runs. */
export function createTickets(now: () => number = Date.now): Tickets {
  const key = randomBytes(32);
  const sign = (text: string) => createHmac("sha256", key).update(text).digest("base64");
  const fresh = (hex: string) => now() / 1000 - Number.parseInt(hex, 16) < ticketSeconds;
  return {
    issue(user) {
      const at = Math.floor(now() / 1000)
        .toString(16)
        .toUpperCase();
      const plain = `PVE:${user}:${at}`;
      return { ticket: `${plain}::${sign(plain)}`, csrf: `${at}:${sign(`${at}:${user}`)}` };
    },
    userOf(ticket) {
      const [plain = "", signature = ""] = ticket.split("::");
      const [, user, at = ""] = plain.split(":");
      return equal(sign(plain), signature) && fresh(at) ? user : undefined;
    },
    csrfFits(user, csrf) {
      const [at = "", signature = ""] = csrf.split(":");
      return fresh(at) && equal(sign(`${at}:${user}`), signature);
    },
  };
}

export interface Credentials {
  method: string;
  authorization: string | undefined;
  cookie: string | undefined;
  csrf: string | undefined;
  /** Uploads need no CSRF token (PVE::HTTPServer::rest_handler). */
  upload: boolean;
}

/**
 * Finds out who calls.
 * @throws ApiError 401 in the words of pve-http-server, without a body.
 */
export function identify(world: World, tickets: Tickets, call: Credentials): Identity {
  const token = /^PVEAPIToken[= ](.+)$/.exec(call.authorization ?? "")?.[1];
  if (token) return identifyToken(world, token);
  const cookie = /(?:^|;\s*)PVEAuthCookie=([^;]*)/.exec(call.cookie ?? "")?.[1];
  if (!cookie) throw denied("No ticket");
  const user = tickets.userOf(decodeURIComponent(cookie));
  const known = user === undefined ? undefined : world.users[user];
  if (user === undefined || !known) throw denied("invalid PVE ticket");
  if (call.method !== "GET" && !call.upload && !tickets.csrfFits(user, call.csrf ?? "")) {
    throw denied("Permission denied - invalid csrf token");
  }
  return { name: user, privileges: grantsOf(world, known), token: false };
}

function identifyToken(world: World, text: string): Identity {
  const split = text.indexOf("=");
  const id = text.slice(0, split);
  const token = world.tokens[id];
  if (!token) throw denied(`no such token '${id.split("!")[1] ?? ""}' for user '${id.split("!")[0]}'`);
  if (!equal(token.secret, text.slice(split + 1))) throw denied("invalid token value!");
  const owner = token.user === undefined ? undefined : world.users[token.user];
  if (owner === undefined) return { name: id, privileges: grantsOf(world, token), token: true };
  const within = grantsOf(world, owner);
  if (!token.privsep) return { name: id, privileges: within, token: true };
  return { name: id, privileges: grantsOf(world, token), within, token: true };
}

function denied(message: string): ApiError {
  return new ApiError(401, message, { bodyless: true });
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
