import type { TlsTrust } from "../connect/http/types.ts";
import type { ProxmoxConnection } from "../connect/proxmox/types.ts";
import { Problem } from "../model/problem.ts";
import { caFile } from "./ca-file.ts";
import { type Configuration, settingPlace } from "./configuration.ts";
import { resolveSecret } from "./secret-reference.ts";

type ProcessEnvironment = Record<string, string | undefined>;

/**
 * How to reach the Proxmox API. What the file says wins; the provider's own variables (`PROXMOX_VE_ENDPOINT`,
 * `_API_TOKEN`, `_INSECURE`) fill in what it leaves out. Neither endpoint nor token: a Problem of kind
 * `undetermined`, since a scheduled run must still report. A bad reference: kind `configuration`. To `change` something
 * is another token's right where one is set.
 */
export async function proxmoxAccess(
  configuration: Configuration,
  environment: ProcessEnvironment,
  timeoutMs: number,
  purpose: "read" | "change" = "read",
): Promise<ProxmoxConnection> {
  const { proxmox } = configuration.settings;
  const [first, ...alternatives] = proxmox.endpoints ?? [];
  const endpoint = proxmox.endpoint ?? first ?? environment.PROXMOX_VE_ENDPOINT;
  if (!endpoint) {
    throw missing("proxmox-endpoint-missing", "the address of Proxmox is not set", "PROXMOX_VE_ENDPOINT", {
      place: settingPlace(configuration, "proxmox.endpoint"),
    });
  }
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== "https:") {
    throw new Problem({
      kind: "configuration",
      code: "proxmox-endpoint-invalid",
      message: `the address of Proxmox is "${endpoint}", expected an https:// address`,
      place: "PROXMOX_VE_ENDPOINT",
      hint: "for example: https://192.168.1.10:8006/",
    });
  }
  const tls = tlsTrust(configuration, environment);
  const setting = purpose === "change" && proxmox.apply_token !== undefined ? "apply_token" : "api_token";
  const place = settingPlace(configuration, `proxmox.${setting}`);
  if (proxmox[setting] === undefined && !environment.PROXMOX_VE_API_TOKEN) {
    throw missing("proxmox-token-missing", "there is no API token", "PROXMOX_VE_API_TOKEN", { place });
  }
  const reference = proxmox[setting] ?? "env:PROXMOX_VE_API_TOKEN";
  const token = await resolveSecret(reference, { place, folder: configuration.folder, environment });
  if (!/^[^@!=\s]+@[^@!=\s]+![^@!=\s]+=[A-Za-z0-9-]+$/.test(token.reveal())) {
    throw new Problem({
      kind: "configuration",
      code: "proxmox-token-invalid",
      message: `the API token from ${reference} is not of the form USER@REALM!NAME=SECRET`,
      place,
      hint: "for example: monitor@pve!health=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    });
  }
  return { endpoint, alternatives, token, tls, timeoutMs };
}

function tlsTrust(configuration: Configuration, environment: ProcessEnvironment): TlsTrust {
  const { tls } = configuration.settings.proxmox;
  if (!tls.verify) return { kind: "off" };
  if (tls.fingerprint !== undefined) return { kind: "fingerprint", sha256: tls.fingerprint.toUpperCase() };
  const path = caFile(configuration, "proxmox.tls.ca_file");
  if (path !== undefined) return { kind: "ca-file", path };
  return /^(1|true)$/i.test(environment.PROXMOX_VE_INSECURE ?? "") ? { kind: "off" } : { kind: "system" };
}

function missing(code: string, message: string, variable: string, where: { place: string }): Problem {
  const setting = where.place.split(" ").at(-1);
  return new Problem({
    kind: "undetermined",
    code,
    message,
    ...where,
    hint: `set ${setting} in pve-home.yaml, or the variable ${variable}`,
  });
}
