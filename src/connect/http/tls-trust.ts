import { createSecureContext, getCACertificates, type SecureContext, type TLSSocket } from "node:tls";
import { messageOf, Problem } from "../../model/problem.ts";
import { readTextFile } from "../read-file.ts";
import type { ServerWords, TlsTrust } from "./types.ts";

/** What a TLS connection is opened with. Problem `…-ca-file` of kind `configuration` for a file that cannot be used. */
export function contextOf(trust: TlsTrust, words: ServerWords): SecureContext {
  const minVersion = "TLSv1.2";
  const file = trust.kind === "ca-file" ? trust.path : trust.kind === "system" ? trust.caFile : undefined;
  const system =
    trust.kind === "system" ? [...getCACertificates("default"), ...getCACertificates("system")] : [];
  if (trust.kind !== "system" && file === undefined) return createSecureContext({ minVersion });
  try {
    const own = file === undefined ? [] : [readTextFile(file)];
    return createSecureContext({ minVersion, ca: [...new Set([...system, ...own])] });
  } catch (error) {
    throw file === undefined ? error : unusableCaFile(file, error, words);
  }
}

export function unusableCaFile(path: string, error: unknown, words: ServerWords): Problem {
  return new Problem({
    kind: "configuration",
    code: `${words.code}-ca-file`,
    message: `the CA file ${path} cannot be used: ${messageOf(error)}`,
    place: path,
    hint: words.hints.caFile,
    cause: error,
  });
}

/** Why the certificate of an open connection is not trusted; undefined where it is. */
export function objection(
  socket: TLSSocket,
  trust: TlsTrust,
  place: string,
  words: ServerWords,
): Problem | undefined {
  if (trust.kind === "off") return undefined;
  const seen = socket.getPeerCertificate().fingerprint256 ?? "";
  const refused = (message: string, hint: string) =>
    new Problem({ kind: "undetermined", code: `${words.code}-tls`, message, place, hint });
  if (trust.kind === "fingerprint") {
    if (sameFingerprint(trust.sha256, seen)) return undefined;
    return refused(
      `the certificate of ${place} has the fingerprint ${seen}, not the pinned ${trust.sha256}`,
      words.hints.unpinned(seen),
    );
  }
  if (socket.authorized) return undefined;
  return refused(
    `the certificate of ${place} is not trusted (${String(socket.authorizationError)}); its fingerprint is ${seen}`,
    words.hints.untrusted(seen),
  );
}

/** Whether two SHA-256 fingerprints are the same one, however they are written. An empty one matches none. */
function sameFingerprint(one: string, other: string): boolean {
  return plain(one) !== "" && plain(one) === plain(other);
}

function plain(fingerprint: string): string {
  return fingerprint
    .replace(/^sha-?256[:=\s]/i, "")
    .replace(/[^0-9a-f]/gi, "")
    .toUpperCase();
}
