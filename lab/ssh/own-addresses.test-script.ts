// Runs inside `unshare -Urn`, started by own-addresses.test.ts; prints what it saw as JSON.
import childProcess from "node:child_process";
import { writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { makeGuest, makeWorld } from "./servers.test-helper.ts";
import { startSshServers } from "./servers.ts";

const folder = process.argv[2] ?? "";
const port = 2222;

// Every way to start a process is counted; this script's own go past the count.
const original = { ...childProcess };
const programs = new Set<string>();
for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"] as const) {
  const counted = (program: string, ...rest: unknown[]) => {
    programs.add(program);
    return Reflect.apply(original[name], childProcess, [program, ...rest]);
  };
  Object.assign(childProcess, { [name]: counted });
}
syncBuiltinESMExports();

function exec(program: string, args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const child = original.execFile(program, args, (error, out) => {
      resolve({ code: error === null ? 0 : Number(error.code), out });
    });
    child.stdin?.end();
  });
}

async function addresses(): Promise<string[]> {
  const { out } = await exec("ip", ["-oneline", "address", "show", "dev", "lo"]);
  const all = [...out.matchAll(/inet6? ([^/\s]+)/g)].map((found) => found[1] ?? "");
  return all.filter((address) => !["127.0.0.1", "::1", "10.99.9.9"].includes(address)).sort();
}

/** Refused at a port without a server: the address exists. */
function isThere(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 9 });
    socket.on("error", (error) => resolve("code" in error && error.code === "ECONNREFUSED"));
  });
}

const userKey = (await exec("cat", [join(folder, "user.pub")])).out.trim();
const world = makeWorld(userKey);
const placed: Record<string, string> = {
  101: "10.99.0.1",
  102: "10.99.0.2",
  103: "fd00::3",
  104: "10.99.9.9",
};
for (const vmid of [101, 102, 103, 104]) world.guests[vmid] = makeGuest(vmid, "qemu", userKey);

await exec("ip", ["link", "set", "lo", "up"]);
await exec("ip", ["address", "add", "10.99.9.9/32", "dev", "lo"]);
// As a lab that was killed leaves it.
await exec("ip", ["address", "add", "10.99.0.77/32", "dev", "lo", "label", "lo:pvehome"]);

const servers = await startSshServers({
  world,
  storageDirectory: () => folder,
  guestPort: port,
  ownAddresses: true,
  changed: () => {},
  log: (line) => process.stderr.write(`${line}\n`),
  guestReady: () => true,
  guestAddress: (guest) => placed[guest.vmid],
});

const known = Object.values(world.guests).map(
  (guest) => `[${placed[guest.vmid]}]:${port} ${guest.inside.hostKey.publicKey}\n`,
);
writeFileSync(join(folder, "known_hosts"), known.join(""));
async function ssh(vmid: number): Promise<number> {
  const options = [`UserKnownHostsFile=${join(folder, "known_hosts")}`, "BatchMode=yes", "ConnectTimeout=5"];
  const where = ["-p", String(port), "-l", "debian", "-i", join(folder, "user"), placed[vmid] ?? ""];
  const { code } = await exec("ssh", [
    "-F",
    "none",
    ...options.flatMap((option) => ["-o", option]),
    ...where,
    "true",
  ]);
  return code;
}
async function look() {
  const codes: number[] = [];
  for (const vmid of [101, 102, 103, 104]) codes.push(await ssh(vmid));
  return { addresses: await addresses(), ssh: codes, there: await isThere("10.99.0.1") };
}

const running = await look();
const first = world.guests["101"];
if (first) first.status = "stopped";
const foreign = world.guests["104"];
if (foreign) foreign.status = "stopped";
await servers.sync();
const stopped = await look();
await servers.close();
const closed = { addresses: await addresses(), foreign: await isThere("10.99.9.9") };
process.stdout.write(JSON.stringify({ running, stopped, closed, programs: [...programs] }));
