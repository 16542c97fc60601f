import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { messageOf, Problem } from "../model/problem.ts";
import { type Configuration, settingPath, settingPlace } from "./configuration.ts";

const settings = {
  "proxmox.tls.ca_file": {
    code: "proxmox-ca-file",
    hint: "copy /etc/pve/pve-root-ca.pem from a node, or set proxmox.tls.fingerprint instead",
  },
  "state.ca_file": {
    code: "s3-ca-file",
    hint: "name the certificate of the authority that signed the store's, as PEM",
  },
  "health.services_ca_file": {
    code: "service-ca-file",
    hint: "name the certificate of your own authority, as PEM",
  },
};

/** A thousand authorities. */
const maxBytes = 4 * 1024 * 1024;

/**
 * The absolute path of a file of authorities that a setting names, undefined where it names none. What is no PEM file
 * of certificates is a Problem of kind `configuration`: TLS would leave it out in silence, and trust no server.
 */
export function caFile(configuration: Configuration, setting: keyof typeof settings): string | undefined {
  const { proxmox, state, health } = configuration.settings;
  const files = {
    "proxmox.tls.ca_file": proxmox.tls.ca_file,
    "state.ca_file": state.ca_file,
    "health.services_ca_file": health.services_ca_file,
  } satisfies Record<keyof typeof settings, string | undefined>;
  const named = files[setting];
  if (named === undefined) return undefined;
  const path = settingPath(configuration, named);
  const why = objection(path);
  if (why === undefined) return path;
  throw new Problem({
    kind: "configuration",
    ...settings[setting],
    message: `the CA file ${path} cannot be used: ${why}`,
    place: settingPlace(configuration, setting),
  });
}

function objection(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return "it is no regular file";
    if (stats.size > maxBytes) return `it is larger than ${maxBytes / 1024 / 1024} MiB`;
    return objectionTo(readFileSync(path, "latin1"));
  } catch (error) {
    return messageOf(error);
  }
}

function objectionTo(text: string): string | undefined {
  if (text.trim() === "") return "it is empty";
  const blocks =
    text.match(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END \1CERTIFICATE-----/g) ?? [];
  if (blocks.length > 0) {
    const broken = blocks.findIndex((block) => !isCertificate(block));
    return broken < 0 ? undefined : `certificate ${broken + 1} of ${blocks.length} in it cannot be read`;
  }
  const other = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (other !== undefined) return `it holds a ${other.toLowerCase()}, and no certificate`;
  const der = isCertificate(Buffer.from(text, "latin1"));
  return der
    ? "it is DER, and must be PEM (openssl x509 -inform der -in FILE)"
    : "there is no PEM certificate in it";
}

function isCertificate(content: string | Buffer): boolean {
  try {
    return new X509Certificate(content).raw.length > 0;
  } catch {
    return false;
  }
}
