import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readLabFacts } from "../../lab/control-client.ts";
import { runProgram } from "../../lab/machines/run-program.ts";
import { resolveGuestImage } from "../../tools/guest-image/resolve.ts";
import { type Desk, openDesk, type Started } from "../e2e/cli.test-helper.ts";

// Machines with an empty disk, which end in "no bootable device": what is started, stopped and left, without a boot.

const up = async (desk: Desk): Promise<Started> => {
  const image = await resolveGuestImage();
  const lab = desk.start(["lab", "up", "--dir", "lab", "--port", "0", "--machines", image, "--json"]);
  await lab.until(() => existsSync(desk.path("lab/lab.json")));
  return lab;
};

/** Process ids of the machines that run in this namespace. */
const machines = () =>
  readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(join("/proc", pid, "cmdline"), "utf8").startsWith("qemu-system");
    } catch {
      return false;
    }
  });

const interfaces = async () => {
  const { stdout } = await runProgram("ip", ["-json", "link", "show"]);
  const found = JSON.parse(stdout) as { ifname: string }[];
  return found.map(({ ifname }) => ifname).filter((name) => /^(vmbr|tap)/.test(name));
};

const guest = async (desk: Desk, ...args: string[]) => {
  expect(await desk.run(["lab", "guest", ...args, "--dir", "lab"])).toMatchObject({ exitCode: 0 });
};

test("a started guest is a process on the bridge, a stopped one is none; a lab that ends leaves nothing", async () => {
  const desk = openDesk();
  onTestFinished(desk.close);
  const lab = await up(desk);
  await guest(desk, "create", "empty");
  await expect.poll(machines).toHaveLength(1);
  expect(await interfaces()).toEqual(["vmbr0", "tap100i0"]);
  await guest(desk, "stop", "empty");
  await expect.poll(machines).toEqual([]);
  await expect.poll(interfaces).toEqual(["vmbr0"]);
  await guest(desk, "start", "empty");
  await expect.poll(machines).toHaveLength(1);
  const disks = () => readdirSync(desk.path("lab/machines/disks"));
  expect(disks()).toHaveLength(1);
  await guest(desk, "create", "other");
  await expect.poll(machines).toHaveLength(2);
  await guest(desk, "delete", "other");
  await expect.poll(machines).toHaveLength(1);
  await expect.poll(disks).toHaveLength(1);
  lab.interrupt();
  expect(await lab.done).toMatchObject({ exitCode: 0 });
  expect(machines()).toEqual([]);
  expect(await interfaces()).toEqual([]);
});

test("after a kill no machine is left; the next start makes its network again and starts what ran", async () => {
  const desk = openDesk();
  onTestFinished(desk.close);
  const first = await up(desk);
  await guest(desk, "create", "empty");
  await expect.poll(machines).toHaveLength(1);
  const [before] = machines();
  // World and machines are written a moment after the change.
  await expect.poll(() => readFileSync(desk.path("lab/world.json"), "utf8")).toContain("empty");
  first.signal("SIGKILL");
  await first.done;
  await expect.poll(machines).toEqual([]);
  expect(await interfaces()).toContain("tap100i0");
  const killed = await readLabFacts(desk.path("lab")).catch(({ code }) => code);
  expect(killed).toBe("not-running");
  const second = desk.start([
    "lab",
    "up",
    "--dir",
    "lab",
    "--port",
    "0",
    "--machines",
    await resolveGuestImage(),
  ]);
  await expect.poll(machines, { timeout: 60_000 }).toHaveLength(1);
  expect(machines()).not.toEqual([before]);
  second.interrupt();
  expect(await second.done).toMatchObject({ exitCode: 0 });
  expect(await interfaces()).toEqual([]);
});
