import type { z } from "zod";
import { isObject, readJson } from "../../model/json.ts";
import { Problem } from "../../model/problem.ts";
import type { HttpReply } from "../http/types.ts";
import { grantHint, lacked, missingPrivileges } from "./missing-privilege.ts";

export interface Call {
  method: string;
  url: URL;
  /** `USER@REALM!TOKENID`, without the secret. */
  tokenId: string;
}

/** What the reply says went wrong, as Proxmox put it: in the body, or in the reason phrase alone. */
function refusalText(reply: HttpReply): string {
  const { message, errors } = parsed(reply.body.toString("utf8"));
  const fields = Object.entries(errors).map(([field, text]) => `${field}: ${String(text).trim()}`);
  const said = message.trim() === "" ? reply.reason.trim() : message.trim();
  return [said.replace(/\s*\n\s*/g, "; "), ...fields].filter((part) => part !== "").join("; ");
}

/** The Problem a reply with an error status stands for. */
export function refusal(reply: HttpReply, call: Call): Problem {
  const text = refusalText(reply);
  const place = call.url.href;
  const what = `${call.method} ${call.url.pathname}`;
  const problem = (code: string, message: string, hint?: string) =>
    new Problem({ kind: "undetermined", code, message, place, ...(hint === undefined ? {} : { hint }) });
  if (reply.redirect !== undefined) return redirected(reply.redirect, call.url);
  if (reply.status === 401) {
    const user = call.tokenId.split("!")[0];
    return problem(
      "proxmox-unauthorized",
      `Proxmox at ${call.url.host} does not accept the token ${call.tokenId}: ${text}`,
      `check proxmox.api_token; on the node: pveum user token list ${user}`,
    );
  }
  if (reply.status === 403) return forbidden(text, call, problem);
  // Proxmox's own for a node that the one we ask cannot reach: 595 no connection, 596 broken, 599 timeout.
  if ([502, 503, 504, 595, 596, 599].includes(reply.status)) {
    return problem("proxmox-unreachable", `Proxmox could not pass on ${what}: ${reply.status} ${text}`);
  }
  if (reply.status === 404 || (reply.status === 500 && isGone(text))) {
    return problem("proxmox-not-found", `Proxmox has nothing at ${what}: ${text}`);
  }
  return problem("proxmox-error", `Proxmox answered ${what} with ${reply.status}: ${text}`);
}

/** The Problem a redirect stands for: Proxmox VE itself never answers a call so. */
function redirected(to: string, url: URL): Problem {
  const target = URL.parse(to);
  const elsewhere = target?.protocol === "https:" && target.origin !== url.origin;
  return new Problem({
    kind: "undetermined",
    code: "proxmox-redirect",
    message: `${url.host} redirects ${url.pathname} to ${to}, and redirects are not followed`,
    place: url.href,
    hint: elsewhere
      ? `if that is Proxmox VE, set proxmox.endpoint: ${target.origin}/`
      : "set proxmox.endpoint to Proxmox VE itself, for example https://192.168.1.10:8006/",
  });
}

function isGone(text: string): boolean {
  return /does not exist|no such (resource|ha|vm|file)|No such file or directory/i.test(text);
}

function forbidden(
  text: string,
  call: Call,
  problem: (code: string, message: string, hint?: string) => Problem,
): Problem {
  const missing = missingPrivileges(text);
  const what = `${call.method} ${call.url.pathname}`;
  if (missing.length === 0) {
    return problem("proxmox-forbidden", `the token ${call.tokenId} may not ${what}: ${text}`);
  }
  return problem(
    "proxmox-forbidden",
    `the token ${call.tokenId} lacks ${lacked(missing)} for ${what}`,
    grantHint(missing),
  );
}

function parsed(body: string): { message: string; errors: Record<string, unknown> } {
  // Not JSON: a proxy's page, or empty.
  const value = readJson(body);
  if (!isObject(value)) return { message: "", errors: {} };
  const { message, errors } = value;
  return { message: typeof message === "string" ? message : "", errors: isObject(errors) ? errors : {} };
}

/** The data of a reply, as the schema reads it. Problem `proxmox-reply` where it is something else. */
export function content<T>(reply: HttpReply, schema: z.ZodType<T>, url: URL): T {
  const value = readJson(reply.body.toString("utf8"));
  if (value === undefined) throw unexpected(url, "no JSON");
  if (!isObject(value) || !("data" in value)) throw unexpected(url, 'no "data"');
  const result = schema.safeParse(value.data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const why = issue?.message.replace(/^Invalid input: /, "");
  throw unexpected(url, `${["data", ...(issue?.path ?? [])].join(".")}: ${why}`);
}

function unexpected(url: URL, why: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "proxmox-reply",
    message: `the reply to ${url.pathname} is not what Proxmox VE answers: ${why}`,
    place: url.href,
    hint: "is proxmox.endpoint a Proxmox VE (8.0 or newer), and not something in front of it?",
  });
}
