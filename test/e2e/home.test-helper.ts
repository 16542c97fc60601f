import { chmodSync, readFileSync, rmSync } from "node:fs";
import { type ControlClient, controlClient } from "../../lab/control-client.ts";
import { generateHostKey } from "../../lab/host-key.ts";
import { type LabFacts, startLab } from "../../lab/lab.ts";
import type { World } from "../../lab/world.ts";
import { type Desk, everythingIn, openDesk } from "./cli.test-helper.ts";

/** A lab with guests, web-001 and on, up for an hour and well; they are the environment `prod` of a desk. */
export interface Home {
  desk: Desk;
  control: ControlClient;
  /** Live. */
  world: World;
  /** The API of each node. */
  apis: LabFacts["apis"];
  /** Writes the settings again, with another way to Proxmox or changed by `edit`. */
  configure(proxmox: { endpoint?: string; token?: string }, edit?: (settings: string) => string): void;
  /** The metrics of health, as they are now. */
  metrics(): string;
  /** Secrets, and everything that was printed and written except where they were given: the last thing to ask for. */
  secrets(): { secrets: string[]; seenIn: string };
  close(): Promise<void>;
}

export async function openHome({
  guests = 4,
  nodes: nodeNames = ["pve1"],
}: {
  guests?: number;
  nodes?: string[];
} = {}): Promise<Home> {
  const desk = openDesk();
  const key = generateHostKey();
  const lab = await startLab({ guests, nodes: nodeNames, sshPort: 0, authorizedKeys: [key.publicKey] });
  const control = controlClient(lab.facts);
  const { facts, world } = lab;
  const inventory = await control.inventory("prod");
  const nodes = facts.ssh.nodes.map(
    ({ name, address, port, hostKey }) =>
      `${name}: { address: ${address}, port: ${port}, host_key: "${hostKey}" }`,
  );
  const hosts = inventory.guests.map(
    ({ vmid, address, ssh_port }) =>
      `[${address}]:${ssh_port} ${world.guests[vmid]?.inside.hostKey.publicKey}\n`,
  );
  const configure: Home["configure"] = (
    { endpoint = facts.endpoint, token = facts.tokens.monitor },
    edit = (settings) => settings,
  ) => {
    desk.write("token", token);
    const settings = `environments: { prod: { inventory: prod.json } }
proxmox:
  endpoint: ${endpoint}
  api_token: file:token
  tls: { fingerprint: "${facts.fingerprint}" }
ssh: { identity_file: key, config: none, nodes: { ${nodes.join(", ")} } }
metrics: { directory: metrics }
state_directory: state
`;
    desk.write("pve-home.yaml", edit(settings));
  };

  configure({});
  desk.write("prod.json", inventory);
  desk.write("state/known_hosts", hosts.join(""));
  desk.write("key", key.privateKey);
  chmodSync(desk.path("key"), 0o600);
  return {
    desk,
    control,
    world,
    apis: facts.apis,
    configure,
    metrics: () => readFileSync(desk.path("metrics/pve_health.prom"), "utf8"),
    secrets() {
      const tokens = [facts.tokens.monitor, readFileSync(desk.path("token"), "utf8")];
      const secrets = [...tokens.map((token) => token.split("=")[1]), key.privateKey.split("\n")[1]];
      for (const name of ["token", "key"]) rmSync(desk.path(name));
      return {
        secrets: secrets.filter((secret) => secret !== undefined),
        seenIn: everythingIn(desk.folder, ...desk.printed),
      };
    },
    async close() {
      await lab.close();
      desk.close();
    },
  };
}
