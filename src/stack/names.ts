import { isIP, isIPv6 } from "node:net";
import type { Inventory } from "../model/inventory.ts";
import { Problem } from "../model/problem.ts";

/** A DNS record: A, or AAAA where the address is of IPv6. */
export interface NameRecord {
  /** `grafana.home.lan` */
  name: string;
  address: string;
}

/**
 * A record for each service with a host name, of all environments: its name below the domain of the inventory that has
 * Traefik, at the address of the machine that Traefik runs on. Sorted by name. Problems of kind `undetermined`:
 * `names-no-traefik` where no inventory has a domain, `names-no-address` where that machine's address is not known.
 */
export function nameRecords(inventories: readonly Inventory[]): NameRecord[] {
  const hosts = inventories.flatMap(({ services }) => services.flatMap(({ host }) => host ?? []));
  const domains = inventories.flatMap((inventory) => inventory.domain ?? []);
  if (domains.length === 0) throw withoutTraefik(inventories);
  const addresses = new Map(
    inventories.flatMap((inventory) =>
      inventory.domain === null
        ? []
        : hosts.map((host): [string, string] => [`${host}.${inventory.domain}`, addressOfTraefik(inventory)]),
    ),
  );
  return [...addresses]
    .map(([name, address]) => ({ name, address }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function addressOfTraefik({ environment, guests, services }: Inventory): string {
  const traefik = services.find(({ kind }) => kind === "traefik");
  const guest = guests.find(({ name }) => name === traefik?.guest);
  const host = traefik === undefined ? undefined : new URL(traefik.url).hostname.replace(/^\[|\]$/g, "");
  const address = [guest?.address, traefik?.address, host].find((known) => isIP(known ?? "") !== 0);
  if (address) return address;
  throw new Problem({
    kind: "undetermined",
    code: "names-no-address",
    message: `the inventory of ${environment} has a domain, and no address of a machine with a service of kind "traefik"`,
    hint: `pve-home apply --env ${environment}`,
  });
}

function withoutTraefik(inventories: readonly Inventory[]): Problem {
  const names = inventories.map(({ environment }) => environment).join(", ") || "none";
  return new Problem({
    kind: "undetermined",
    code: "names-no-traefik",
    message: `no inventory has a domain, below which Traefik names services; inventories read: ${names}`,
    hint: "apply the environment monitoring with traefik_enabled = true: pve-home apply --env monitoring",
  });
}

const type = (address: string) => (isIPv6(address) ? "AAAA" : "A");

/** What each DNS server takes; docs/DNS-CONFIGURATION.md says where it goes. */
export const nameFormats = {
  hosts: (records) => records.map(({ name, address }) => `${address} ${name}`),
  dnsmasq: (records) => records.map(({ name, address }) => `host-record=${name},${address}`),
  // The value of Pi-hole's setting dns.hosts, from version 6 on.
  pihole: (records) => [
    "[",
    records.map(({ name, address }) => `  ${JSON.stringify(`${address} ${name}`)}`).join(",\n"),
    "]",
  ],
  // A rule for exactly this name: `|` and `^` are its beginning and end.
  adguard: (records) =>
    records.map(({ name, address }) => `|${name}^$dnsrewrite=NOERROR;${type(address)};${address}`),
  unbound: (records) => [
    "server:",
    ...records.map(({ name, address }) => `  local-data: "${name}. IN ${type(address)} ${address}"`),
  ],
} satisfies Record<string, (records: readonly NameRecord[]) => string[]>;

export type NameFormat = keyof typeof nameFormats;
