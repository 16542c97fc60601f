import { connect, getCACertificates } from "node:tls";
import { messageOf, Problem } from "../../model/problem.ts";
import { readTextFile } from "../read-file.ts";
import { sameFingerprint, unusableCaFile } from "./tls-trust.ts";
import type { ProxmoxConnection } from "./types.ts";

/**
 * The authorities a program other than ours has to trust to reach Proxmox as we do, as PEM: the system's and the
 * CA file's, or the very certificate with the pinned fingerprint. Undefined where the system's are enough or
 * verification is off.
 */
export async function trustBundle(connection: ProxmoxConnection): Promise<string | undefined> {
  const { tls } = connection;
  if (tls.kind === "ca-file") return bundle(readCaFile(tls.path));
  if (tls.kind === "fingerprint") return bundle(await pinnedCertificate(connection, tls.sha256));
  return undefined;
}

function bundle(own: string): string {
  return [own.trim(), ...getCACertificates("system"), ""].join("\n");
}

function readCaFile(path: string): string {
  try {
    return readTextFile(path);
  } catch (cause) {
    throw unusableCaFile(path, cause);
  }
}

/** Nothing is sent on this connection: it only shows the certificate. */
function pinnedCertificate(connection: ProxmoxConnection, sha256: string): Promise<string> {
  const { hostname, port } = new URL(connection.endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      timeout: connection.timeoutMs,
    });
    const fail = (code: string, message: string, cause?: unknown) => {
      socket.destroy();
      reject(new Problem({ kind: "undetermined", code, message, place: connection.endpoint, cause }));
    };
    socket.once("timeout", () =>
      fail("proxmox-timeout", `no answer within ${connection.timeoutMs / 1000} s`),
    );
    socket.once("error", (cause) => fail("proxmox-unreachable", messageOf(cause), cause));
    socket.once("secureConnect", () => {
      const { raw, fingerprint256 } = socket.getPeerCertificate();
      if (!sameFingerprint(fingerprint256, sha256)) {
        fail("proxmox-tls", `the certificate's fingerprint is ${fingerprint256}, expected ${sha256}`);
        return;
      }
      socket.destroy();
      const body =
        raw
          .toString("base64")
          .match(/.{1,64}/g)
          ?.join("\n") ?? "";
      resolve(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`);
    });
  });
}
