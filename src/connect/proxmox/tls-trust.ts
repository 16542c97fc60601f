import { Agent, type RequestOptions } from "node:https";
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import { messageOf, Problem } from "../../model/problem.ts";
import { readTextFile } from "../read-file.ts";
import type { TlsTrust } from "./types.ts";

/**
 * Node keeps `signal` from the agent, and a request without a socket yet does not end when it fires: the same
 * signal as `connectSignal` ends the connection under way.
 */
export interface TrustedRequestOptions extends RequestOptions {
  connectSignal?: AbortSignal;
}

/**
 * Keeps connections alive, and hands one over only after its certificate was judged, so that no byte of a request
 * (the token is in its first ones) reaches a server that is not trusted. Problem `proxmox-tls` otherwise.
 */
export function trustingAgent(trust: TlsTrust): Agent {
  const context = contextOf(trust);
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = (options, done) => {
    const { connectSignal: signal } = options as TrustedRequestOptions;
    // The judgement is ours, below; Node would drop the certificate that the message has to show.
    const connection = { ...options, secureContext: context, rejectUnauthorized: false, session: undefined };
    const socket = connect(connection as ConnectionOptions);
    const settle = (error: Error | undefined) => {
      signal?.removeEventListener("abort", onAbort);
      socket.off("error", settle);
      if (error !== undefined) socket.on("error", () => undefined).destroy();
      // With an error, Node does not look at the second argument.
      done?.(error ?? null, socket);
    };
    const onAbort = () => settle(signal?.reason);
    socket.on("error", settle);
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.once("secureConnect", () => settle(objection(socket, trust, `${options.host}:${options.port}`)));
    return undefined;
  };
  return agent;
}

/** Whether two SHA-256 fingerprints are the same one, however they are written. An empty one is nobody's. */
export function sameFingerprint(one: string, other: string): boolean {
  return plain(one) !== "" && plain(one) === plain(other);
}

function plain(fingerprint: string): string {
  return fingerprint
    .replace(/^sha-?256[:=\s]/i, "")
    .replace(/[^0-9a-f]/gi, "")
    .toUpperCase();
}

function contextOf(trust: TlsTrust): SecureContext {
  const minVersion = "TLSv1.2";
  if (trust.kind === "system") {
    return createSecureContext({
      minVersion,
      ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system")])],
    });
  }
  if (trust.kind !== "ca-file") return createSecureContext({ minVersion });
  try {
    return createSecureContext({ minVersion, ca: readTextFile(trust.path) });
  } catch (error) {
    throw unusableCaFile(trust.path, error);
  }
}

export function unusableCaFile(path: string, error: unknown): Problem {
  return new Problem({
    kind: "configuration",
    code: "proxmox-ca-file",
    message: `the CA file ${path} cannot be used: ${messageOf(error)}`,
    place: path,
    hint: "copy /etc/pve/pve-root-ca.pem from a node, or set proxmox.tls.fingerprint instead",
    cause: error,
  });
}

function objection(socket: TLSSocket, trust: TlsTrust, place: string): Problem | undefined {
  const seen = socket.getPeerCertificate().fingerprint256 ?? "";
  if (trust.kind === "off") return undefined;
  if (trust.kind === "fingerprint") {
    if (sameFingerprint(trust.sha256, seen)) return undefined;
    return new Problem({
      kind: "undetermined",
      code: "proxmox-tls",
      message: `the certificate of ${place} has the fingerprint ${seen}, not the pinned ${trust.sha256}`,
      place,
      hint: `find out why it changed (\`pvenode cert info\` on the node shows the true one), then set proxmox.tls.fingerprint: ${seen}`,
    });
  }
  if (socket.authorized) return undefined;
  const reason = String(socket.authorizationError);
  return new Problem({
    kind: "undetermined",
    code: "proxmox-tls",
    message: `the certificate of ${place} is not trusted (${reason}); its fingerprint is ${seen}`,
    place,
    hint: `if \`pvenode cert info\` on the node shows the same, set proxmox.tls.fingerprint: ${seen}`,
  });
}
