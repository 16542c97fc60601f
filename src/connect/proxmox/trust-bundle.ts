import { getCACertificates } from "node:tls";
import { peerCertificate } from "../http/peer-certificate.ts";
import { unusableCaFile } from "../http/tls-trust.ts";
import { readTextFile } from "../read-file.ts";
import type { ProxmoxConnection } from "./types.ts";
import { proxmoxWords } from "./words.ts";

/**
 * The authorities a program other than ours has to trust to reach Proxmox as we do, as PEM: the system's and the
 * CA file's, or the very certificate with the pinned fingerprint. Undefined where the system's are enough or
 * verification is off.
 */
export async function trustBundle(connection: ProxmoxConnection): Promise<string | undefined> {
  const own = await ownAuthority(connection);
  return own === undefined ? undefined : [own.trim(), ...getCACertificates("system"), ""].join("\n");
}

/** The same without the system's: for a program that can be asked to call any other server with Proxmox's token. */
export async function ownAuthority(connection: ProxmoxConnection): Promise<string | undefined> {
  const { tls, endpoint, timeoutMs } = connection;
  if (tls.kind === "ca-file") return readCaFile(tls.path);
  if (tls.kind !== "fingerprint") return undefined;
  return peerCertificate(new URL(endpoint), tls, { words: proxmoxWords, timeoutMs });
}

function readCaFile(path: string): string {
  try {
    return readTextFile(path);
  } catch (cause) {
    throw unusableCaFile(path, cause, proxmoxWords);
  }
}
