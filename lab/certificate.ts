import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "./files.ts";

export interface Certificate {
  /** PEM. */
  key: string;
  /** PEM; self-signed, so it is its own CA file. */
  cert: string;
  /** sha256 as Proxmox prints it: `AB:CD:…`. */
  fingerprint: string;
  /** The file with `cert`, for clients that take a CA file. */
  caFile: string;
}

const names = { ca: "pve-root-ca.pem", key: "pve-ssl.key" };
/** Its files in the lab's folder. */
export const certificateFiles: readonly string[] = Object.values(names);

const lifetimeDays = 3650;

/**
 * Takes the certificate from the lab's folder, or makes one for these addresses and localhost and keeps it there. One that
 * does not have all of them is replaced: clients have to be told the new one.
 */
export async function loadCertificate(
  directory: string,
  addresses: readonly string[] = ["127.0.0.1"],
): Promise<Certificate> {
  const caFile = join(directory, names.ca);
  const keyFile = join(directory, names.key);
  let [key, cert] = await Promise.all([readOptional(keyFile), readOptional(caFile)]);
  if (key === undefined || cert === undefined || expires(cert) || !isFor(cert, addresses)) {
    // Slow to load, and needed once in a folder's life.
    const { generate } = await import("selfsigned");
    const made = await generate([{ name: "commonName", value: "pve-home lab" }], {
      keyType: "ec",
      curve: "P-256",
      algorithm: "sha256",
      notAfterDate: new Date(Date.now() + lifetimeDays * 86_400_000),
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        {
          name: "subjectAltName",
          altNames: [...addresses.map((ip) => ({ type: 7 as const, ip })), { type: 2, value: "localhost" }],
        },
      ],
    });
    key = made.private;
    cert = made.cert;
    await writeFileAtomically(keyFile, key, 0o600);
    await writeFileAtomically(caFile, cert, 0o644);
  }
  return { key, cert, caFile, fingerprint: new X509Certificate(cert).fingerprint256 };
}

function expires(cert: string): boolean {
  return Date.parse(new X509Certificate(cert).validTo) - Date.now() < 86_400_000;
}

function isFor(cert: string, addresses: readonly string[]): boolean {
  const certificate = new X509Certificate(cert);
  return addresses.every((address) => certificate.checkIP(address) !== undefined);
}

async function readOptional(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
