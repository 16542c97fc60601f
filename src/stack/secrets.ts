import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import { contentOf } from "./content-of.ts";
import { placeFile } from "./place.ts";
import type { StackSecrets } from "./rendered.ts";

/** What is made where it is neither given nor there: passwords that have no other origin. */
const made = ["grafana-admin-password"];

/**
 * Writes the secrets of the stack, 0600. One that is given replaces what is there; one that is not is kept; a password that
 * is neither is made. `place` names the setting of one. Returns the services that read what has changed. Problem
 * `stack-secret-missing` of kind `configuration`, before anything is written.
 */
export function placeSecrets(
  folder: string,
  { secrets, owner, given, place }: SecretsToPlace,
): { services: string[] } {
  const wanted = Object.entries(secrets).flatMap(([name, { path, required, description, services }]) => {
    const file = join(folder, path);
    const content =
      textOf(given[name]) ?? contentOf(file) ?? (made.includes(name) ? textOf(newPassword()) : undefined);
    if (content !== undefined && content.length > 0) return { file, content, services };
    if (!required) return [];
    throw new Problem({
      kind: "configuration",
      code: "stack-secret-missing",
      message: `the stack needs the secret ${name}: ${description.replace(/\.$/, "")}`,
      place: place(name),
      hint: `for example: stack: { secrets: { ${name}: file:~/.pve-home/${name} } }`,
    });
  });
  const changed = wanted.filter(({ file, content }) => placeFile(file, content, 0o600, owner));
  return { services: changed.flatMap(({ services }) => services) };
}

function textOf(value: Secret | string | undefined): Buffer | undefined {
  return value === undefined ? undefined : Buffer.from(value instanceof Secret ? value.reveal() : value);
}

export interface SecretsToPlace {
  secrets: StackSecrets;
  /** `uid:gid` */
  owner: string;
  /** A text is what is no secret itself, and kept with them: certificates of an authority. */
  given: Readonly<Record<string, Secret | string>>;
  place(name: string): string;
}

/** A password that is kept in a file of the caller, made once; with `dryRun` nothing is written. */
export function keptPassword(file: string, { dryRun = false } = {}): Secret {
  const kept = contentOf(file)?.toString("utf8");
  const password = kept ? new Secret(kept) : newPassword();
  if (!dryRun) placeFile(file, Buffer.from(password.reveal()), 0o600);
  return password;
}

/** The file of pve-exporter: the token it reads Proxmox with, and what the stack wants it to do besides. */
export function pveExporterFile(token: Secret, settings: Readonly<Record<string, boolean>>): Secret {
  const [user = "", name = "", value = ""] = token.reveal().split(/[!=]/);
  // JSON is YAML; in one line, so that no single key of it counts as a secret of its own.
  return new Secret(JSON.stringify({ default: { user, token_name: name, token_value: value, ...settings } }));
}

function newPassword(): Secret {
  return new Secret(randomBytes(18).toString("base64url"));
}
