import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlClient } from "../../lab/control-client.ts";
import { generateHostKey } from "../../lab/host-key.ts";
import { startLab } from "../../lab/lab.ts";
import { measured } from "./measured.ts";
import type { Row } from "./row.ts";

const launcher = join(import.meta.dirname, "../../pve-home");
const timeoutSeconds = 30;

type Homelab = Awaited<ReturnType<typeof openHomelab>>;

/** Guests of a lab, which serve SSH in this process, and a folder with all that a health run of them needs. */
async function openHomelab(guests: number, reached: "by ssh" | "by the API alone" = "by ssh") {
  const folder = mkdtempSync(join(tmpdir(), "bench-health-"));
  const key = generateHostKey();
  const lab = await startLab({ guests, nodes: ["pve1"], sshPort: 0, authorizedKeys: [key.publicKey] });
  const control = controlClient(lab.facts);
  const inventory = await control.inventory("prod");
  if (reached === "by the API alone") for (const guest of inventory.guests) guest.address = null as never;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  const { endpoint, fingerprint, tokens } = lab.facts;
  const keys = inventory.guests.map(({ vmid, address, ssh_port }) => {
    return `[${address}]:${ssh_port} ${lab.world.guests[vmid]?.inside.hostKey.publicKey}\n`;
  });
  write("key", key.privateKey);
  write("token", tokens.monitor);
  write("prod.json", JSON.stringify(inventory));
  write("known_hosts", keys.join(""));
  write(
    "pve-home.yaml",
    `environments: { prod: { inventory: prod.json } }
proxmox: { endpoint: "${endpoint}", api_token: file:token, tls: { fingerprint: "${fingerprint}" } }
ssh: { identity_file: key, config: none, known_hosts: known_hosts }
metrics: { directory: . }
state_directory: state
`,
  );
  const close = async () => {
    await lab.close();
    rmSync(folder, { recursive: true });
  };
  return { folder, inventory, control, close };
}

async function health({ folder }: Homelab, timeout = timeoutSeconds) {
  const args = [
    "health",
    "--all",
    "--json",
    "--component",
    "vm",
    "--component",
    "lxc",
    "--timeout",
    String(timeout),
  ];
  const ran = await measured(folder, launcher, args);
  const document = JSON.parse(ran.stdout) as {
    environments: { components: { component: string; status: string }[] }[];
  };
  return { ...ran, components: document.environments.flatMap(({ components }) => components) };
}

/** What asking costs this machine beside logins that ask nothing. */
export const healthCpu: Row = {
  name: "health-cpu",
  ours: "CPU of pve-home health, 100 guests, its ssh processes included",
  floor: "CPU of xargs -P 32 ssh … true, the same guests",
  target: 1.2,
  rounds: 3,
  async measure() {
    hundred ??= await openHomelab(100);
    const { folder, inventory } = hundred;
    const options = "-F none -o BatchMode=yes -o UserKnownHostsFile=known_hosts -i key";
    const lines = inventory.guests.map(
      ({ address, ssh_port, ssh_user }) => `${options} -p ${ssh_port} ${ssh_user}@${address} true`,
    );
    writeFileSync(join(folder, "logins"), `${lines.join("\n")}\n`);
    const floor = await measured(folder, "xargs", ["-a", "logins", "-P", "32", "-L", "1", "ssh"]);
    const ours = await health(hundred);
    const well = ours.components.filter(({ status }) => status === "ok").length;
    if (well !== 100) throw new Error(`${well} of 100 guests are well: ${ours.stdout.slice(0, 2000)}`);
    return { floor: floor.cpuMs, ours: ours.cpuMs };
  },
  close: closeHundred,
};

let hundred: Homelab | undefined;

async function closeHundred(): Promise<void> {
  await hundred?.close();
  hundred = undefined;
}

const hanging = 30;

/** Guests that hang cost the others nothing, and this machine no memory. */
export const healthHanging: Row = {
  name: "health-hanging",
  ours: `peak memory of pve-home health, 300 guests of which ${hanging} hang after the login`,
  floor: "the limit",
  target: 1,
  rounds: 1,
  unit: "MB",
  async measure() {
    threeHundred ??= await openHomelab(300);
    const { inventory, control } = threeHundred;
    const chosen = inventory.guests.filter((_, index) => index % 10 === 0).map(({ name }) => name);
    for (const name of chosen) await control.break("ssh-hang", name);
    const { components, peakMb, seconds } = await health(threeHundred);
    const failed = components.filter(({ status }) => status === "fail").map(({ component }) => component);
    const well = components.filter(({ status }) => status === "ok").length;
    if (failed.join() !== chosen.join() || well !== 300 - hanging) {
      throw new Error(`failed: ${failed.join()}; ${well} well`);
    }
    console.error(
      `health-hanging: ${seconds.toFixed(1)} s with a limit of ${timeoutSeconds} s for each check`,
    );
    return { floor: 250, ours: peakMb };
  },
  close: async () => threeHundred?.close(),
};

let threeHundred: Homelab | undefined;

/** One guest that hangs after the login costs the run its limit, and the other results nothing. */
export const healthSlowGuest: Row = {
  name: "health-slow-guest",
  ours: "pve-home health, 1 of 100 guests hangs",
  floor: "the same without it, plus the limit",
  target: 1.1,
  rounds: 3,
  async measure() {
    hundred ??= await openHomelab(100);
    const { control, inventory } = hundred;
    const name = inventory.guests[50]?.name ?? "";
    const limit = 5;
    const well = await health(hundred, limit);
    await control.break("ssh-hang", name);
    const slow = await health(hundred, limit);
    await control.mend("ssh-hang", name);
    const failed = slow.components.filter(({ status }) => status !== "ok");
    if (failed.length !== 1) throw new Error(`not well: ${JSON.stringify(failed)}`);
    return { floor: (well.seconds + limit) * 1000, ours: slow.seconds * 1000 };
  },
  close: closeHundred,
};

const sizes = [10, 100, 1000] as const;

/** What the API alone tells, of guests that have no address: the time of each stays the same. */
export const healthGrowth: Row = {
  name: "health-growth",
  ours: "pve-home health, API only: time per guest of 1,000",
  floor: "time per guest of 100",
  target: 1.2,
  rounds: 3,
  async measure() {
    for (const size of sizes) grown[size] ??= await openHomelab(size, "by the API alone");
    const seconds: Record<number, number> = {};
    for (const size of sizes) {
      const ran = await health(grown[size] as Homelab);
      if (ran.components.length !== size) throw new Error(`${ran.components.length} of ${size} guests`);
      seconds[size] = ran.seconds;
      if (ran.peakMb > 200) console.error(`health-growth: ${ran.peakMb.toFixed(0)} MB with ${size} guests`);
    }
    const each = (size: number) => ((seconds[size] ?? Number.NaN) * 1000) / size;
    console.error(
      `health-growth: ${sizes.map((size) => `${size}: ${seconds[size]?.toFixed(2)} s`).join(", ")}`,
    );
    return { floor: each(100), ours: each(1000) };
  },
  close: async () => {
    for (const size of sizes) await grown[size]?.close();
  },
};

const grown: Record<number, Homelab> = {};
