import { existsSync } from "node:fs";
import { readTextFile } from "../connect/read-file.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import { Secret } from "../model/secret.ts";
import { type Configuration, settingPath } from "./configuration.ts";

const secrets = ["PROXMOX_VE_SSH_PRIVATE_KEY", "PROXMOX_VE_SSH_PASSWORD"];
const ways = [...secrets, "PROXMOX_VE_SSH_AGENT"];

/**
 * How the provider logs in on the nodes, for what the API cannot do (snippets): its own variables `PROXMOX_VE_SSH_*`,
 * and where they name neither key, password nor agent, the key of `ssh.identity_file` if it has no passphrase.
 */
export function providerSsh(
  configuration: Configuration,
  environment: Record<string, string | undefined>,
): TerraformRun["environment"] {
  const given = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith("PROXMOX_VE_SSH_") && value !== undefined
      ? [[name, secrets.includes(name) ? new Secret(value) : value] as const]
      : [],
  );
  const variables: TerraformRun["environment"] = Object.fromEntries(given);
  const file = configuration.settings.ssh.identity_file;
  if (file === undefined || ways.some((name) => name in variables)) return variables;
  const key = openKey(settingPath(configuration, file));
  return key === undefined ? variables : { ...variables, PROXMOX_VE_SSH_PRIVATE_KEY: new Secret(key) };
}

/** A private key that can be used as it is. */
function openKey(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = readTextFile(file);
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  // OpenSSH names what derives a key from the passphrase; PEM has a header of its own.
  const locked =
    body === undefined
      ? /ENCRYPTED/.test(text)
      : Buffer.from(body, "base64").subarray(0, 64).includes("bcrypt");
  return locked || !/PRIVATE KEY/.test(text) ? undefined : text;
}
