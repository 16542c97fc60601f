import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createTickets } from "./api/identity.ts";
import { createJournal } from "./api/journal.ts";
import { createRouter } from "./api/router.ts";
import { allRoutes } from "./api/routes.ts";
import { startApiServer } from "./api/server.ts";
import { loadCertificate } from "./certificate.ts";
import { startControlServer } from "./control/server.ts";
import { hasFault, type LabCore } from "./core.ts";
import { type LabFacts, removeLabFacts, writeLabFacts } from "./facts.ts";
import { forgetWorld, takeFolder } from "./folder.ts";
import { guestAddress, guestReady } from "./guest.ts";
import { checkListenAddress } from "./listen-address.ts";
import { openMachines } from "./machines/machines.ts";
import { requireMachines } from "./machines/requirements.ts";
import { checkNodeNames } from "./node-names.ts";
import { openWorld } from "./open-world.ts";
import { freePort, tryPort } from "./ports.ts";
import { createReadySync } from "./ready-sync.ts";
import { tokenIds } from "./seed.ts";
import { startSshServers } from "./ssh/servers.ts";
import { prepareStorageFolders } from "./storage-folder.ts";
import { createStore } from "./store.ts";
import { createTaskEngine } from "./tasks/engine.ts";
import type { World } from "./world.ts";

export type { LabFacts } from "./facts.ts";

export interface LabOptions {
  /** Where the state is kept; without it in a temporary folder that goes when the lab is closed. */
  directory?: string;
  /** Port of the first node's API; 0 (the default) takes any free one. Other nodes get the ports after it, if free. */
  port?: number;
  /** An address of this machine, besides 127.0.0.1, at which the APIs listen too: where containers reach it. */
  listen?: string;
  /** Names of the nodes; default `pve1`. A folder's own nodes stay, missing ones are added. */
  nodes?: string[];
  /** This many running guests to start with, unknown to Terraform; default none. */
  guests?: number;
  /** How long each task takes; default 0.3. With 0 it has ended once it is asked about: the provider polls each second. */
  taskSeconds?: number;
  /** The one port that all guests serve SSH on; default 2222, 0 takes a free one. */
  sshPort?: number;
  /** Public keys that may log in on the nodes as root and on the extra guests, besides those there already. */
  authorizedKeys?: string[];
  /** Put the guests' addresses on `lo`; needs root or `unshare -Urn`. */
  ownAddresses?: boolean;
  /**
   * Guests are machines: the folder that `npm run guest-image` made, or a cloud image. Needs QEMU, and a network
   * namespace of the lab's own.
   */
  machines?: string;
  /** Forget what an earlier lab left in the folder. */
  fresh?: boolean;
  log?: (line: string) => void;
}

export interface RunningLab {
  facts: LabFacts;
  /** Live: what is changed here is what the API answers. */
  world: World;
  /** For who puts the world back as it was: tasks that run change nothing any more. */
  forgetTasks(): void;
  close(): Promise<void>;
}

const defaultSshPort = 2222;
const defaultTaskSeconds = 0.3;

/**
 * Starts a simulated Proxmox VE: API, SSH servers, control API.
 * @throws LabError `already-running`, `folder-unusable`, `option-invalid`; the system's error where the port is taken.
 */
export async function startLab(options: LabOptions = {}): Promise<RunningLab> {
  checkNodeNames(options.nodes ?? []);
  await checkListenAddress(options.listen);
  if (options.machines !== undefined) await requireMachines(options.machines);
  const directory = options.directory
    ? resolve(options.directory)
    : await mkdtemp(join(tmpdir(), "pve-home-lab-"));
  const closers: (() => Promise<void>)[] = [];
  if (!options.directory) closers.push(() => rm(directory, { recursive: true, force: true }));
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll(closers);
    return closing;
  };
  try {
    closers.push(await takeFolder(directory));
    if (options.fresh) await forgetWorld(directory);
    return { ...(await open(directory, options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The last opened is closed first. One that fails keeps none of the others open. @throws the first error */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const closer of closers.toReversed()) await closer().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

/** Opens everything in a folder; what is to be closed is added to `closers`. */
async function open(
  directory: string,
  options: LabOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<RunningLab, "close">> {
  const world = await openWorld(directory, options);
  const store = createStore(directory, world, options.log);
  const addresses = ["127.0.0.1", ...(options.listen === undefined ? [] : [options.listen])];
  const certificate = await loadCertificate(directory, addresses);
  const storageDirectory = (storage: string) => join(directory, "storage", storage);
  await prepareStorageFolders(world, storageDirectory);
  const guestPort = await guestPortOf(options);

  const followers: (() => void | Promise<void>)[] = [store.save];
  const changed = async () => {
    for (const follow of followers) await follow();
  };
  const lab: LabCore = {
    world,
    tickets: createTickets(),
    fingerprint: certificate.fingerprint,
    now: Date.now,
    storageDirectory,
    changed,
    runInGuest: (guest, words, input) => ssh.runInGuest(guest, words, input),
    tasks: createTaskEngine({
      seconds: options.taskSeconds ?? defaultTaskSeconds,
      now: Date.now,
      changed,
      hanging: () => hasFault(world, "task-hang"),
      failing: () => (hasFault(world, "task-fail") ? "command failed: exit code 255" : undefined),
    }),
  };
  closers.push(store.flush);
  const { machines: image, log = () => {} } = options;
  if (image !== undefined) {
    const machines = await openMachines({ lab, image, folder: join(directory, "machines"), log });
    lab.machines = machines;
    closers.push(machines.close);
    followers.push(machines.follow);
  }
  const journal = createJournal();
  const ssh = await startSshServers({
    world,
    storageDirectory,
    guestPort,
    ownAddresses: options.ownAddresses ?? false,
    changed: () => void changed(),
    ...(options.log && { log: options.log }),
    guestReady: (guest) => guestReady(world, guest, Date.now()),
    // Machines have SSH servers of their own.
    guestAddress: lab.machines ? () => undefined : guestAddress,
  });
  const readySync = createReadySync(lab, ssh);
  followers.push(readySync.sync);
  closers.push(async () => {
    lab.tasks.forgetRunning();
    readySync.close();
    await ssh.close();
  });
  const router = createRouter(allRoutes);
  const apis: LabFacts["apis"] = [];
  for (const [index, node] of Object.keys(world.nodes).entries()) {
    const port = index === 0 ? (options.port ?? 0) : await portBeside(options.port, index);
    const api = await startApiServer({ lab, node, router, journal, certificate }, port, addresses);
    apis.push({ node, endpoint: `https://127.0.0.1:${api.port}/` });
    followers.push(api.follow);
    closers.push(api.close);
    await api.follow();
  }
  const token = randomBytes(24).toString("base64url");
  const endpoint = apis[0]?.endpoint ?? "";
  const control = await startControlServer({ lab, journal, ssh, store, token, endpoint, apis, guestPort });
  closers.push(control.close);
  await readySync.sync();
  await lab.machines?.follow();

  const facts: LabFacts = {
    endpoint,
    apis,
    addresses,
    fingerprint: certificate.fingerprint,
    caFile: certificate.caFile,
    tokens: {
      terraform: fullToken(world, tokenIds.terraform),
      monitor: fullToken(world, tokenIds.monitor),
      exporter: fullToken(world, tokenIds.exporter),
    },
    root: { username: "root@pam", password: world.users["root@pam"]?.password ?? "" },
    control: { url: `http://127.0.0.1:${control.port}`, token },
    ssh: { guestPort, nodes: nodeFacts(world), ownAddresses: options.ownAddresses ?? false },
    ...(lab.machines && { machines: lab.machines.acceleration }),
    directory,
    pid: process.pid,
  };
  await store.flush();
  await writeLabFacts(facts);
  closers.push(() => removeLabFacts(directory));
  return { facts, world, forgetTasks: lab.tasks.forgetRunning };
}

/** Machines serve SSH where Debian does. */
async function guestPortOf({ sshPort, machines }: LabOptions): Promise<number> {
  if (machines !== undefined) return 22;
  return sshPort === 0 ? freePort() : (sshPort ?? defaultSshPort);
}

/** The ports after the first node's, where they are free. */
async function portBeside(first: number | undefined, index: number): Promise<number> {
  const wanted = first === undefined || first === 0 ? 0 : first + index;
  return wanted === 0 || wanted > 65_535 ? 0 : ((await tryPort(wanted)) ?? 0);
}

function nodeFacts(world: World): LabFacts["ssh"]["nodes"] {
  return Object.values(world.nodes).map(({ name, ssh, hostKey }) => ({
    name,
    address: ssh.address,
    port: ssh.port,
    hostKey: hostKey.publicKey,
  }));
}

function fullToken(world: World, id: string): string {
  return `${id}=${world.tokens[id]?.secret ?? ""}`;
}
