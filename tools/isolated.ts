import { spawn } from "node:child_process";
import { readdir, readFile, readlink, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where an isolated run may write, and what tells its processes, mounts and control groups from the machine's. */
export interface Isolation {
  /** A temporary folder, which also holds Docker's data. */
  readonly folder: string;
  /** Control group of the containers, below each root in /sys/fs/cgroup. */
  readonly cgroup: string;
}

/** The file in which the run says which network namespace is its own. */
const namespaceFile = "namespace";

// Run as process 1 of its own: with that, every other process in there ends. What dockerd writes below /etc and /opt
// (its key, containerd's folder), and what tests write below /var, is kept in memory and goes with the namespace.
const init = `set -e
ip link set lo up
mount -t tmpfs tmpfs /run
for folder in etc opt var; do
  mkdir -p /run/.changes/$folder /run/.work/$folder
  mount -t overlay overlay -o lowerdir=/$folder,upperdir=/run/.changes/$folder,workdir=/run/.work/$folder /$folder
done
readlink /proc/self/ns/net >"$1/${namespaceFile}"
shift
"$@" &
wait $!`;

/**
 * Runs a command in namespaces of its own, as root: no network but its loopback, mounts and processes that end with
 * it. It is killed with all that it started where this process is interrupted or dies. Returns its exit code.
 */
export function runIsolated(
  command: readonly string[],
  o: Isolation,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const namespaces = [
    "--net",
    "--mount",
    "--pid",
    "--ipc",
    "--uts",
    "--mount-proc",
    "--propagation",
    "private",
  ];
  const unshare = ["unshare", ...namespaces, "--fork", "--kill-child", "sh", "-c", init, "sh"];
  return new Promise((resolve, reject) => {
    const child = spawn("setpriv", ["--pdeathsig", "KILL", ...unshare, o.folder, ...command], {
      env,
      stdio: "inherit",
    });
    const kill = (): void => {
      child.kill("SIGKILL");
    };
    for (const signal of signals) process.on(signal, kill);
    child.on("error", reject);
    child.on("exit", (code) => {
      for (const signal of signals) process.off(signal, kill);
      resolve(code ?? 130);
    });
  });
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Removes the folder and the control groups of a run that ended, and says what is left of it: nothing, if all is well. */
export async function removeTraces(o: Isolation): Promise<string[]> {
  const namespace = await readFile(join(o.folder, namespaceFile), "utf8").catch(() => "");
  // Killed processes are gone a moment later.
  let left = await traces(o, namespace.trim());
  for (let tries = 0; left.length > 0 && tries < 100; tries += 1) {
    await sleep(100);
    left = await traces(o, namespace.trim());
  }
  await rm(o.folder, { recursive: true, force: true }).catch((error: Error) => left.push(error.message));
  return left;
}

async function traces(o: Isolation, namespace: string): Promise<string[]> {
  const left: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const its = await readlink(`/proc/${pid}/ns/net`).catch(() => "");
    if (its !== "" && its === namespace) left.push(`process ${pid}`);
  }
  const mounts = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
  left.push(...mounts.filter((line) => line.includes(o.folder)).map((line) => `mount ${line.split(" ")[4]}`));
  for (const group of await controlGroups(o.cgroup)) {
    await removeGroup(group).catch(() => left.push(`control group ${group}`));
  }
  return left;
}

/** Version 1 has a tree per controller, version 2 one. */
async function controlGroups(name: string): Promise<string[]> {
  const root = "/sys/fs/cgroup";
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const parents = [
    root,
    ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name)),
  ];
  const found: string[] = [];
  for (const parent of parents) {
    if ((await readdir(parent).catch((): string[] => [])).includes(name)) found.push(join(parent, name));
  }
  return found;
}

async function removeGroup(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeGroup(join(path, entry.name));
  }
  await rmdir(path);
}
