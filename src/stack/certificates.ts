import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { contentOf } from "./content-of.ts";
import { placeFile } from "./place.ts";
import type { Certificates } from "./rendered.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Every device has to import it by hand. */
const authorityDays = 10 * 365;
/** Apple refuses certificates that live longer than 825 days, also of an authority that was imported. */
const leafDays = 397;
const renewalDays = 30;

/** Where the key of the authority is kept: in no folder that a container sees. */
const authorityKey = "ca.key";

/**
 * Makes an authority for the stack and a certificate of it for these names, where they are missing. Both are kept while they
 * are good for another 30 days, the certificate also has to be for all the names; a new authority has to be imported
 * again on every device. Returns whether Traefik has to read them again.
 */
export async function placeCertificates(
  folder: string,
  { ca, cert, key, names }: Certificates,
  { owner, now }: { owner: string; now: number },
): Promise<boolean> {
  const text = (path: string) => contentOf(join(folder, path))?.toString("utf8");
  const goodUntil = now + renewalDays * dayMs;
  let authority = pair(text(ca), text(authorityKey));
  if (authority === undefined || !isValidAt(authority.cert, goodUntil)) {
    authority = await newAuthority(now, names);
    placeFile(join(folder, authorityKey), Buffer.from(authority.key), 0o600);
    placeFile(join(folder, ca), Buffer.from(authority.cert), 0o644);
  }
  const leaf = pair(text(cert), text(key));
  if (leaf !== undefined && isFor(leaf.cert, names, authority.cert) && isValidAt(leaf.cert, goodUntil))
    return false;
  const fresh = await newLeaf(now, names, authority);
  placeFile(join(folder, key), Buffer.from(fresh.key), 0o600, owner);
  return placeFile(join(folder, cert), Buffer.from(fresh.cert), 0o644, owner);
}

interface Pair {
  cert: string;
  key: string;
}

function pair(cert: string | undefined, key: string | undefined): Pair | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function isValidAt(cert: string, time: number): boolean {
  return Date.parse(new X509Certificate(cert).validTo) > time;
}

function isFor(cert: string, names: readonly string[], authority: string): boolean {
  const certificate = new X509Certificate(cert);
  const own = (certificate.subjectAltName ?? "").split(", ");
  return (
    names.every((name) => own.includes(`DNS:${name}`)) &&
    certificate.verify(new X509Certificate(authority).publicKey)
  );
}

/** Its name has the day in it: an old one and a new one are two entries in a device's list. */
async function newAuthority(now: number, names: readonly string[]): Promise<Pair> {
  const { generate } = await import("selfsigned");
  const domain = (names[0] ?? "").split(".").slice(1).join(".");
  const made = await generate(
    [{ name: "commonName", value: `${domain} CA ${new Date(now).toISOString().slice(0, 10)}` }],
    {
      ...elliptic,
      ...validity(now, authorityDays),
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      ],
    },
  );
  return { cert: made.cert, key: made.private };
}

async function newLeaf(now: number, names: readonly string[], authority: Pair): Promise<Pair> {
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: names[0] ?? "" }], {
    ...elliptic,
    ...validity(now, leafDays),
    ca: authority,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  return { cert: made.cert, key: made.private };
}

// Not Ed25519, which browsers do not take in certificates.
const elliptic = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** From an hour before: clocks of devices differ. */
function validity(now: number, days: number) {
  return { notBeforeDate: new Date(now - 60 * 60 * 1000), notAfterDate: new Date(now + days * dayMs) };
}
