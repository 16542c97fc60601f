import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { parseProperties } from "../config/property-string.ts";
import { guestName, macOf } from "../guest.ts";
import type { Guest } from "../world.ts";

/** The files of a NoCloud drive that Proxmox makes, by their names on it. */
const driveFiles = {
  user: "user-data",
  network: "network-config",
  meta: "meta-data",
  vendor: "vendor-data",
} as const;

/**
 * What is on a VM's cloud-init drive: the snippets of `cicustom`, and for the parts that it does not name what Proxmox
 * makes of the configuration (PVE::QemuServer::Cloudinit, nocloud). A password (`cipassword`) is not passed on: the lab
 * keeps none.
 */
export function driveContents(guest: Guest, snippets: ReadonlyMap<string, string>): Record<string, string> {
  const user = snippets.get("user") ?? userData(guest);
  const network = snippets.get("network") ?? networkConfig(guest);
  const meta = snippets.get("meta") ?? `instance-id: ${instanceId(user, network)}\n`;
  const vendor = snippets.get("vendor");
  return {
    [driveFiles.user]: user,
    [driveFiles.network]: network,
    [driveFiles.meta]: meta,
    ...(vendor !== undefined && { [driveFiles.vendor]: vendor }),
  };
}

function instanceId(user: string, network: string): string {
  return createHash("sha1").update(user).update(network).digest("hex");
}

function userData(guest: Guest): string {
  const { config } = guest;
  const domain = String(config.searchdomain ?? "").split(" ")[0];
  const keys = decodeURIComponent(String(config.sshkeys ?? ""))
    .split("\n")
    .filter((key) => key.trim() !== "");
  const data = {
    hostname: guestName(guest),
    manage_etc_hosts: true,
    ...(domain && { fqdn: `${guestName(guest)}.${domain}` }),
    ...(config.ciuser !== undefined && { user: String(config.ciuser) }),
    ...(keys.length > 0 && { ssh_authorized_keys: keys }),
    chpasswd: { expire: false },
    users: ["default"],
    ...(config.ciupgrade !== 0 && { package_upgrade: true }),
  };
  return `#cloud-config\n${stringify(data)}`;
}

/** Version 1, one `physical` entry per card that has an address. */
function networkConfig(guest: Guest): string {
  const cards = Object.keys(guest.config)
    .filter((key) => /^net\d+$/.test(key) && guest.config[`ipconfig${key.slice(3)}`] !== undefined)
    .sort()
    .map((key) => ({
      type: "physical",
      name: `eth${key.slice(3)}`,
      mac_address: (macOf(guest, key) ?? "").toLowerCase(),
      subnets: subnets(String(guest.config[`ipconfig${key.slice(3)}`])),
    }));
  const { nameserver, searchdomain } = guest.config;
  const names = {
    type: "nameserver",
    ...(nameserver !== undefined && { address: String(nameserver).split(" ") }),
    ...(searchdomain !== undefined && { search: String(searchdomain).split(" ") }),
  };
  const hasNames = nameserver !== undefined || searchdomain !== undefined;
  return stringify({ version: 1, config: hasNames ? [...cards, names] : cards });
}

function subnets(ipconfig: string): Record<string, string>[] {
  const parts = parseProperties(ipconfig, "");
  return (["", "6"] as const).flatMap((suffix) => {
    const ip = parts.get(`ip${suffix}`);
    if (ip === undefined) return [];
    if (ip === "dhcp") return [{ type: suffix === "" ? "dhcp4" : "dhcp6" }];
    if (ip === "auto") return [{ type: "ipv6_slaac" }];
    const gateway = parts.get(`gw${suffix}`);
    return [
      { type: suffix === "" ? "static" : "static6", address: ip, ...(gateway !== undefined && { gateway }) },
    ];
  });
}
