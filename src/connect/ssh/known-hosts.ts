import { createHash } from "node:crypto";
import { messageOf, Problem } from "../../model/problem.ts";
import { writeFileAtomic } from "../files.ts";
import { readTextFile } from "../read-file.ts";
import { withRunLock } from "../run-lock.ts";
import type { SshTarget } from "./types.ts";

type Host = Pick<SshTarget, "host" | "port">;

export interface TrustResult {
  outcome: "added" | "unchanged" | "replaced";
  /** `SHA256:…` */
  fingerprint: string;
  /** What was there before, when it was replaced. */
  previous: string[];
}

/**
 * Makes a key the only one our file has for a host: keys of other types go too, or the client would ask the host
 * for those first. To be called in `changeKnownHosts`, or what another run writes meanwhile is lost.
 */
export function trustHost(file: string, target: Host, publicKey: string): TrustResult {
  const key = parseKey(publicKey);
  const name = nameOf(target);
  const lines = readLines(file);
  const known = lines.filter((line) => isFor(line, name)).map(keyOf);
  const fingerprint = fingerprintOf(key);
  if (isOnlyKey(file, target, publicKey)) return { outcome: "unchanged", fingerprint, previous: [] };
  const kept = lines.filter((line) => !isFor(line, name));
  writeFileAtomic(file, Buffer.from(`${[...kept, `${name} ${key}`].join("\n")}\n`));
  const previous = known.filter((other) => other !== key).map(fingerprintOf);
  return { outcome: previous.length === 0 ? "added" : "replaced", fingerprint, previous };
}

/** Reads, changes and writes our file and what is kept beside it, as the only run that does. Problem `run-locked`. */
export function changeKnownHosts<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  return withRunLock({ file: `${file}.lock`, what: "pve-home hosts trust" }, work);
}

/** The keys our file has for a host, `TYPE BASE64` each. */
export function trustedKeys(file: string, target: Host): string[] {
  const name = nameOf(target);
  return readLines(file)
    .filter((line) => isFor(line, name))
    .map(keyOf);
}

/** Whether `trustHost` has nothing to do. */
export function isOnlyKey(file: string, target: Host, publicKey: string): boolean {
  const known = trustedKeys(file, target);
  return known.length === 1 && known[0] === parseKey(publicKey);
}

/** `SHA256:…` of `TYPE BASE64 [COMMENT]`, as `ssh-keygen -l` shows it. Problem `ssh-public-key`. */
export function fingerprintOf(publicKey: string): string {
  const blob = Buffer.from(parseKey(publicKey).split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** `TYPE BASE64`, without the comment. */
function parseKey(text: string): string {
  const [type = "", base64 = ""] = text.trim().split(/\s+/);
  const blob = Buffer.from(base64, "base64");
  // RFC 4253, 6.6: the blob begins with the length and the name of its type.
  const named = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1") : "";
  if (type !== "" && named === type && blob.toString("base64") === base64) return `${type} ${base64}`;
  throw new Problem({
    kind: "undetermined",
    code: "ssh-public-key",
    message: `"${text.trim().slice(0, 60)}" is no SSH public key`,
    hint: "a line such as: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA…",
  });
}

/** What the client looks a host up by. */
function nameOf({ host, port }: Host): string {
  const lower = host.toLowerCase();
  return port === 22 ? lower : `[${lower}]:${port}`;
}

function readLines(file: string): string[] {
  try {
    return readTextFile(file)
      .split("\n")
      .filter((line) => line.trim() !== "");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new Problem({
      kind: "undetermined",
      code: "ssh-known-hosts",
      message: `the known hosts in ${file} cannot be read: ${messageOf(error)}`,
      place: file,
      cause: error,
    });
  }
}

function isFor(line: string, name: string): boolean {
  return line.split(/\s+/)[0] === name;
}

function keyOf(line: string): string {
  return line.split(/\s+/).slice(1, 3).join(" ");
}
