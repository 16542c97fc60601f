import { connect, isIP, type Socket } from "node:net";
import { type SecureContext, type TLSSocket, connect as tlsConnect } from "node:tls";
import { objection } from "./tls-trust.ts";
import type { ServerWords, TlsTrust } from "./types.ts";

/** Where to connect; the host of an IPv6 address is without brackets. */
export interface Place {
  host: string;
  port: number;
  /** Where the connection goes; else `host` is looked up. */
  address?: string | undefined;
}

/** Of an address with `http:` or `https:`. */
export function placeOf({ hostname, port, protocol }: Pick<URL, "hostname" | "port" | "protocol">): Place {
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
}

export interface Trusting {
  trust: TlsTrust;
  context(): SecureContext;
  words: ServerWords;
}

/** A TCP connection. Fails with the system's error, or with the signal's reason. */
export async function openPlain(place: Place, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return settled(connect(target(place)), "connect", signal);
}

/**
 * A TLS connection whose certificate was judged: no byte of a request, whose first ones may be a token, reaches a server
 * that is not trusted. Problem `…-tls` where it is not; else the system's error, or the signal's reason.
 */
export async function openTrusted(place: Place, trusting: Trusting, signal: AbortSignal): Promise<TLSSocket> {
  signal.throwIfAborted();
  const socket = tlsConnect({
    ...target(place),
    secureContext: trusting.context(),
    ALPNProtocols: ["http/1.1"],
    // The judgement is ours, below; Node would drop the certificate that the message has to show.
    rejectUnauthorized: false,
    ...(isIP(place.host) === 0 ? { servername: place.host } : {}),
  });
  await settled(socket, "secureConnect", signal);
  const refused = objection(socket, trusting.trust, placeText(place), trusting.words);
  if (refused === undefined) return socket;
  socket.destroy();
  throw refused;
}

/** The socket once it is open; until then, and where it is given up, its errors end nothing else. */
function settled<S extends Socket>(socket: S, open: "connect" | "secureConnect", signal: AbortSignal) {
  socket.setNoDelay(true);
  return new Promise<S>((resolve, reject) => {
    const giveUp = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    socket.on("error", reject);
    socket.once(open, () => {
      signal.removeEventListener("abort", giveUp);
      resolve(socket);
    });
    socket.once("close", () => {
      signal.removeEventListener("abort", giveUp);
      reject(new Error("the connection was closed before it was open"));
    });
  });
}

function target({ host, port, address = host }: Place) {
  return { host: address, port };
}

function placeText({ host, port }: Place): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
