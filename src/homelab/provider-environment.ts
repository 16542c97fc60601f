import { join } from "node:path";
import { writeFileAtomic } from "../connect/files.ts";
import { trustBundle } from "../connect/proxmox/trust-bundle.ts";
import type { ProxmoxConnection } from "../connect/proxmox/types.ts";
import { readTextFile } from "../connect/read-file.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";

/**
 * The variables with which the provider reaches the same Proxmox as we do and trusts the same certificate. Go
 * programs take their authorities from `SSL_CERT_FILE` (not on macOS, where they belong into the keychain); the
 * file is kept in the state directory. Problem `file-unwritable` where it has to be written and cannot be.
 */
export async function providerEnvironment(
  connection: ProxmoxConnection,
  stateDirectory: string,
): Promise<TerraformRun["environment"]> {
  const bundle = await trustBundle(connection);
  const file = join(stateDirectory, "proxmox-authorities.pem");
  // As it is: a full disk is no reason not to look at what is there.
  if (bundle !== undefined && textOf(file) !== bundle) writeFileAtomic(file, Buffer.from(bundle));
  return {
    PROXMOX_VE_ENDPOINT: connection.endpoint,
    PROXMOX_VE_API_TOKEN: connection.token,
    ...(connection.tls.kind === "off" ? { PROXMOX_VE_INSECURE: "true" } : {}),
    ...(bundle === undefined ? {} : { SSL_CERT_FILE: file }),
  };
}

function textOf(file: string): string | undefined {
  try {
    return readTextFile(file);
  } catch {
    return undefined;
  }
}
