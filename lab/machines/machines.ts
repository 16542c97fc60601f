import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LabCore } from "../core.ts";
import { guestName, powerOff } from "../guest.ts";
import type { Guest } from "../world.ts";
import { type Acceleration, findAcceleration } from "./acceleration.ts";
import { type Agent, AgentError } from "./agent.ts";
import { writeCloudInitDrive } from "./cloud-init-drive.ts";
import { containerArguments, containerWords } from "./container-boot.ts";
import { type Disks, openDisks } from "./disks.ts";
import { findImage, type MachineImage } from "./image.ts";
import { type Machine, startMachine } from "./machine.ts";
import { addAddress, connectGuest, disconnectGuest, prepareNetwork, removeNetwork } from "./network.ts";
import { type PackageMirror, servePackages } from "./package-mirror.ts";
import { qemuArguments } from "./qemu-arguments.ts";

/** The guests of a lab as real machines. */
export interface Machines {
  /** How they run: with KVM, or emulated. */
  acceleration: Acceleration;
  disks: Omit<Disks, "of" | "tidy">;
  /** Does something with a guest's disks while it does not write to them; a running machine stands still. */
  whileStill(guest: Guest, work: () => Promise<void>): Promise<void>;
  /** Starts the machine of a guest that is to run. @throws Error where it cannot; the guest is then stopped */
  start(guest: Guest): Promise<void>;
  /**
   * Asks a guest to shut down, through its agent or by its power button, and waits for that.
   * @throws Error as Proxmox says it where it does not in time, unless it may be forced
   */
  shutDown(guest: Guest, seconds: number, force: boolean): Promise<void>;
  /** A QMP command for a running guest: `system_reset`, `stop`, `cont`. */
  command(guest: Guest, name: string): Promise<void>;
  /** Undefined where the guest does not run. */
  agent(guest: Guest): Agent | undefined;
  /** Makes the machines what the world says: those to run are started, others are stopped, lost disks are removed. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

export interface MachinesOptions {
  lab: Pick<LabCore, "world" | "storageDirectory" | "changed">;
  /** What they boot: see `findImage`. */
  image: string;
  /** Where disks, cloud-init drives and consoles lie. */
  folder: string;
  log(line: string): void;
}

interface Running {
  machine: Machine;
  guest: Guest;
  /** Of the guest when it was started: another one is another start. */
  bootedAt: number | undefined;
}

/**
 * Machines for the guests of a lab. The network namespace must be the lab's own.
 * What `requireMachines` checks must be true.
 */
export async function openMachines({ lab, image: path, folder, log }: MachinesOptions): Promise<Machines> {
  const { world } = lab;
  const image = await findImage(path);
  await prepareNetwork();
  const mirror = await openMirror(image);
  const acceleration = await findAcceleration();
  const disks = openDisks({
    world,
    image,
    folder: join(folder, "disks"),
    storageDirectory: lab.storageDirectory,
  });
  const running = new Map<number, Running>();
  /** Starts and stops of one guest wait for each other. */
  const queues = new Map<number, Promise<void>>();
  let closed = false;
  const inTurn = (vmid: number, work: () => Promise<void>) => {
    const turn = (queues.get(vmid) ?? Promise.resolve()).then(work);
    queues.set(
      vmid,
      turn.catch(() => {}),
    );
    return turn;
  };

  const boot = async (guest: Guest): Promise<Machine> => {
    const place = join(folder, String(guest.vmid));
    await mkdir(place, { recursive: true });
    const drive = join(place, "cidata.iso");
    const cloudInit = (await writeCloudInitDrive(lab, guest, drive)) ? drive : undefined;
    const opened = await disks.of(guest);
    await connectGuest(guest);
    const container = guest.kind === "lxc";
    const hardware = { acceleration, image, disks: opened, cloudInit, console: join(place, "console.log") };
    const args = qemuArguments(guest, {
      ...hardware,
      ...(container && { kernelWords: containerWords(guest) }),
    });
    return startMachine(place, container ? [...args, ...containerArguments(guest)] : args);
  };

  // A machine that ends by itself (poweroff in the guest, a kernel panic, a killed process) is a stopped guest.
  const ended = async (one: Running) => {
    if (running.get(one.guest.vmid) !== one) return;
    const { guest } = one;
    running.delete(guest.vmid);
    if (guest.bootedAt === one.bootedAt) powerOff(guest);
    await inTurn(guest.vmid, () => disconnectGuest(guest));
    await lab.changed();
  };

  const halt = async (vmid: number) => {
    const one = running.get(vmid);
    if (one === undefined) return;
    running.delete(vmid);
    await one.machine.stop();
    await disconnectGuest(one.guest);
  };

  const start = (guest: Guest) =>
    inTurn(guest.vmid, async () => {
      const runs = running.get(guest.vmid)?.bootedAt === guest.bootedAt;
      if (closed || runs || guest.status !== "running") return;
      await halt(guest.vmid);
      const { bootedAt } = guest;
      try {
        const machine = await boot(guest);
        guest.pid = machine.pid;
        const one = { machine, guest, bootedAt };
        running.set(guest.vmid, one);
        void machine.exited.then(() => ended(one));
      } catch (error) {
        powerOff(guest);
        await disconnectGuest(guest);
        throw error;
      }
    });

  const startAndSay = (guest: Guest) =>
    start(guest).catch((error: unknown) => {
      log(
        `${guest.vmid} (${guestName(guest)}) cannot start: ${error instanceof Error ? error.message : error}`,
      );
    });

  const isToRun = (one: Running) =>
    world.guests[one.guest.vmid] === one.guest && one.guest.status === "running";

  return {
    acceleration,
    disks,
    start,
    async shutDown(guest, seconds, force) {
      const one = running.get(guest.vmid);
      if (one === undefined) return;
      // As _do_vm_stop of PVE::QemuServer: an agent that does not run is an error, unless it may be forced.
      try {
        await askToEnd(guest, one.machine);
        if (await one.machine.endsWithin(seconds * 1000)) return;
        throw new Error("VM quit/powerdown failed - got timeout");
      } catch (error) {
        if (!force) throw error;
      }
    },
    async whileStill(guest, work) {
      const machine = running.get(guest.vmid)?.machine;
      await machine?.command("stop");
      try {
        await work();
      } finally {
        await machine?.command("cont");
      }
    },
    command: async (guest, name) => running.get(guest.vmid)?.machine.command(name),
    agent: (guest) => running.get(guest.vmid)?.machine.agent,
    async follow() {
      const wanted = Object.values(world.guests).filter((one) => one.status === "running" && !one.template);
      const lost = [...running.values()].filter((one) => !isToRun(one));
      await Promise.all([
        ...wanted.map(startAndSay),
        ...lost.map(({ guest: { vmid } }) => inTurn(vmid, () => halt(vmid))),
      ]);
      await disks.tidy();
    },
    async close() {
      closed = true;
      await Promise.all(queues.values());
      await Promise.all([...running.keys()].map(halt));
      await mirror?.close();
      await removeNetwork();
    },
  };
}

async function openMirror({ packages }: MachineImage): Promise<PackageMirror | undefined> {
  if (packages === undefined) return undefined;
  const { hostname, port } = packages.url;
  await addAddress(hostname);
  return servePackages(packages.folder, hostname, Number(port));
}

/** By its agent where it has one, else by its power button. */
async function askToEnd(guest: Guest, machine: Machine): Promise<void> {
  if (guest.kind === "lxc" || guest.config.agent === undefined) return machine.command("system_powerdown");
  // An agent that obeys does not answer.
  const asked = machine.agent.call("guest-shutdown").catch((error: unknown) => {
    if (!(error instanceof AgentError) || error.code !== "timeout") throw error;
  });
  await Promise.race([asked, machine.exited]);
}
