import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

let lab: TestLab;
let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys({ user: ["-t", "ed25519"] });
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  world.guests["101"] = makeGuest(101, "lxc", user);
  world.guests["102"] = makeGuest(102, "lxc", user);
  lab = await startTestLab(world, keys.folder);
});

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

afterEach(async () => {
  lab.context.guestAddress = (guest) => lab.address(guest.vmid);
  await lab.servers.sync();
});

const isWell = async () => (await lab.client("ssh", ["-l", "root", lab.address(101), "true"])).code === 0;

/** Connects, sends, and goes away without a word. */
async function poke(bytes: Buffer | string): Promise<void> {
  const socket = connect({ host: lab.address(101), port: lab.port });
  await once(socket, "connect");
  socket.write(bytes);
  await once(socket, "data");
  socket.resetAndDestroy();
}

test("clients that send rubbish or vanish do no harm", async () => {
  const pokes = [
    "GET / HTTP/1.1\r\n\r\n",
    "SSH-2.0-x\r\n",
    `SSH-2.0-x\r\n${"\xff".repeat(5000)}`,
    Buffer.alloc(300_000),
  ];
  await Promise.all(pokes.flatMap((bytes) => Array.from({ length: 10 }, () => poke(bytes))));
  expect(await isWell()).toBe(true);
});

test("clients that are killed in the middle do no harm", async () => {
  const config = ["-F", join(lab.folder, "config"), "-i", join(keys.folder, "user")];
  const running = Array.from({ length: 10 }, (_, index) => {
    const child = spawn("ssh", [...config, "-l", "root", lab.address(101), "cat >/tmp/x; cat"], {
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: process.env.PATH, HOME: lab.folder },
    });
    child.stdin.on("error", () => {});
    const pump = () => child.stdin.write(Buffer.alloc(65_536), (error) => error || pump());
    pump();
    setTimeout(() => child.kill("SIGKILL"), 40 * index);
    return once(child, "close");
  });
  await Promise.all(running);
  expect(await isWell()).toBe(true);
});

test("two guests that claim one address: the first has it, the other is named in the log", async () => {
  const { context } = lab;
  const address = context.guestAddress;
  context.guestAddress = (guest) => (guest.vmid === 102 ? lab.address(101) : address(guest));
  await lab.servers.sync();
  await lab.servers.sync();
  expect((await lab.client("ssh", ["-l", "root", lab.address(101), "hostname"])).out).toBe("ct-101\n");
  const said = lab.log.filter((line) => line.includes("EADDRINUSE"));
  expect(said).toHaveLength(1);
  context.guestAddress = address;
  await lab.servers.sync();
  expect((await lab.client("ssh", ["-l", "root", lab.address(102), "hostname"])).out).toBe("ct-102\n");
});

test("an address outside the loopback has no server, which is said once; one with a port uses it", async () => {
  const { context } = lab;
  const other = lab.port + 1;
  context.guestAddress = (guest) => (guest.vmid === 102 ? "192.0.2.7" : `127.0.0.1:${other}`);
  await lab.servers.sync();
  await lab.servers.sync();
  expect(lab.log.filter((line) => line.includes("192.0.2.7"))).toHaveLength(1);
  const options = ["-p", String(other), "-l", "root", "-o", `HostKeyAlias=[${lab.address(101)}]:${lab.port}`];
  expect((await lab.client("ssh", [...options, "127.0.0.1", "hostname"])).out).toBe("ct-101\n");
});
