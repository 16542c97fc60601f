import { Problem } from "../../model/problem.ts";
import type { SshFailure, SshTarget } from "./types.ts";

/**
 * In this order: the first that fits. The words are those of OpenSSH 8 to 10 (sshconnect.c), a host key's from the
 * beginning of their line: others quote what the server sends.
 */
const patterns: [SshFailure, RegExp][] = [
  [
    "host-key-changed",
    /^(@ +WARNING: (REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY)|(\S+ )?host key for \S+ has changed|The \S+ host key for \S+ is marked as revoked)/im,
  ],
  ["host-key-unknown", /^(No \S+ host key is known for|Host key verification failed)/im],
  ["denied", /permission denied|too many authentication failures|no supported authentication methods/i],
  ["unresolved", /could not resolve hostname/i],
  ["refused", /connection refused/i],
  // Of a connection that stood: how long that took has nothing to do with a limit of ours.
  ["failed", /timeout, server .* not responding/i],
  ["timeout", /timed out|timeout/i],
  ["unreachable", /no route to host|network is unreachable|host is down|address not available|can't assign/i],
];

/** What an `ssh` that ended with 255 before a login meant by its own log (`-E`). */
export function classify(log: string): SshFailure {
  const failure = patterns.find(([, pattern]) => pattern.test(log))?.[0] ?? "failed";
  if (!failure.startsWith("host-key")) return failure;
  // Its text is the server's, line feeds included.
  const [own = ""] = log.split(/^Received disconnect from /m);
  return own === log ? failure : classify(own);
}

/** Whether the connection went through a jump host or a proxy command: then `ssh` does not know who it spoke to. */
export function isProxied(log: string): boolean {
  return log.includes("UNKNOWN port 65535");
}

const login = /^Authenticated to .*\r?\n/m;

/** Whether the log of `ssh -o LogLevel=VERBOSE` tells that the login worked. */
export function saysLoggedIn(log: string): boolean {
  return login.test(log);
}

/** The log as it would be without that level: less the login and the closing counts. */
export function withoutNotices(log: string): string {
  const found = login.exec(log);
  const rest = found === null ? log : log.slice(found.index + found[0].length);
  return rest.replace(/^(Transferred: sent|Bytes per second: sent) .*(\r?\n|$)/gm, "");
}

export function sshProblem(
  failure: SshFailure,
  target: SshTarget,
  why: string,
  facts: { identityFile?: string | undefined } = {},
): Problem {
  const { host, port, user } = target;
  const name = `${user}@${host}${port === 22 ? "" : `:${port}`}`;
  const byHand = `ssh ${port === 22 ? "" : `-p ${port} `}${user}@${host}`;
  return new Problem({
    kind: "undetermined",
    code: `ssh-${failure}`,
    message: `${name}: ${words(failure, why, facts.identityFile)}`,
    place: `ssh://${user}@${host}:${port}`,
    hint: hint(failure, byHand, user),
  });
}

function words(failure: SshFailure, why: string, identityFile: string | undefined): string {
  if (failure === "host-key-changed") return "it shows another host key than the one that is known";
  if (failure === "host-key-unknown") return "its host key is not known yet";
  if (failure === "proxy") return `the jump host or proxy command on the way to it failed: ${why}`;
  if (failure === "denied") {
    const keys =
      identityFile === undefined ? "the keys of the agent" : `${identityFile} and the agent's keys`;
    return `the login was refused with ${keys} (${why})`;
  }
  return why;
}

function hint(failure: SshFailure, byHand: string, user: string): string {
  switch (failure) {
    case "host-key-changed":
      return "pve-home hosts trust learns it from Proxmox, if the guest was re-created; if it was not, find out what answers there";
    case "host-key-unknown":
      return "pve-home hosts trust";
    case "denied":
      return `is the public key among ~/.ssh/authorized_keys of ${user}? By hand: ${byHand}`;
    case "too-much":
      return `look at what the login and the command print there: ${byHand}`;
    default:
      return `by hand: ${byHand}`;
  }
}

/** The line of `ssh`'s messages that says why, without its frames. */
export function reasonIn(messages: string): string {
  const lines = messages
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("@"));
  const failure = classify(messages);
  const telling = lines.find((line) => classify(line) === failure);
  return (telling ?? lines.at(-1) ?? "ssh ended without a message").replace(/^ssh: /, "");
}
