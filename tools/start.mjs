// The way in for every npm script: `node tools/start.mjs FILE ARGS…`.
// Runs on any Node from 18 on, before anything is installed, and therefore imports nothing but Node itself.
// It installs the packages where they are missing or outdated, then hands over to Node 24.
import { spawn } from "node:child_process";
import { constants, existsSync, realpathSync } from "node:fs";
import { access, copyFile, mkdir, readFile, rename, rmdir, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

// The first Node that runs TypeScript without a warning.
const wanted = [24, 3];

/** The folder for everything we build or download: `PVE_HOME_CACHE`, or `pve-home` in the XDG cache. */
export function cacheDir(env = process.env) {
  if (env.PVE_HOME_CACHE) return resolve(env.PVE_HOME_CACHE);
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "pve-home");
}

/**
 * Runs `work` while no other process runs under the same lock; waits for as long as that takes.
 * The lock is an empty folder whose time its owner renews: it needs no process ids, which mean nothing
 * across containers, and git does not list it. An owner that stopped renewing is dead.
 */
export async function withLock(path, work, o = {}) {
  const { pollMs = 200, renewMs = 1000, staleMs = 10_000, onWait } = o;
  await mkdir(dirname(path), { recursive: true });
  for (let waited = false; !(await tryMkdir(path)); waited = true) {
    if (!waited) onWait?.();
    await removeIfStale(path, staleMs);
    await new Promise((done) => setTimeout(done, pollMs));
  }
  const renew = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, renewMs);
  try {
    return await work();
  } finally {
    clearInterval(renew);
    await rmdir(path).catch(() => {});
  }
}

async function tryMkdir(path) {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

async function removeIfStale(path, staleMs) {
  const seen = await stat(path).catch(() => undefined);
  if (seen === undefined || Date.now() - seen.mtimeMs < staleMs) return;
  // Renaming first lets one of several waiters win.
  const aside = `${path}.stale-${process.pid}`;
  await rename(path, aside)
    .then(() => rmdir(aside))
    .catch(() => {});
}

/** True when node_modules is what package-lock.json says: the stamp is a copy of the lock file. */
async function installed(stamp, lockFile) {
  try {
    const [was, is] = await Promise.all([readFile(stamp), readFile(lockFile)]);
    return was.equals(is);
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  }
}

async function install() {
  const lockFile = join(root, "package-lock.json");
  // `pve-home` compares the same two files.
  const stamp = join(root, "node_modules", ".pve-home-installed");
  if (await installed(stamp, lockFile)) return;
  await access(root, constants.W_OK).catch(() => {
    throw new Failure(`packages are not installed and ${root} cannot be written: run "npm ci" there once`);
  });
  const wait = () => say("another start is installing packages, waiting for it");
  await withLock(
    join(root, ".npm-ci.lock"),
    async () => {
      if (await installed(stamp, lockFile)) return;
      say("installing packages (npm ci), about 15 seconds …");
      const began = Date.now();
      // An exported NODE_ENV=production would leave out the test tools, and `npm run --silent` the errors;
      // warnings are about the Node that runs npm, which is not the one that runs the packages.
      const args = [
        "ci",
        "--include=dev",
        "--include=optional",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
      ];
      const code = await run("npm", args, { cwd: root, stdio: ["ignore", 2, 2] });
      if (code !== 0) throw new Failure(`npm ci failed (${code}); its output is above`);
      await copyFile(lockFile, stamp);
      say(`packages installed in ${Math.round((Date.now() - began) / 1000)} s`);
    },
    { onWait: wait },
  );
}

function findNode() {
  for (const name of [
    `node-${process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ]) {
    const path = join(root, "node_modules", name, "bin", "node");
    if (existsSync(path)) return path;
  }
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return process.execPath;
  throw new Failure(
    `this is Node ${process.versions.node}, and no Node 24 package exists for ${process.platform} ${process.arch}: ` +
      `install Node ${wanted.join(".")} or newer (https://nodejs.org/en/download) and run the command again`,
  );
}

class Failure extends Error {}

function say(text) {
  process.stderr.write(`pve-home: ${text}\n`);
}

/** Runs a child to its end, passing on signals; resolves to its exit code or the signal it died of. */
function run(command, args, options) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, options);
    const forward = (signal) => child.kill(signal);
    // Ctrl-C in a terminal reaches the child by itself; a second copy would mean "now, really".
    const onInterrupt = process.stdin.isTTY ? () => {} : forward;
    process.on("SIGINT", onInterrupt).on("SIGTERM", forward).on("SIGHUP", forward);
    child.on("error", (error) => {
      const hint = error.code === "ENOENT" ? `${command} is not on PATH` : error.message;
      fail(new Failure(`cannot start ${command}: ${hint}`));
    });
    child.on("exit", (code, signal) => {
      process.off("SIGINT", onInterrupt).off("SIGTERM", forward).off("SIGHUP", forward);
      done(signal ?? code);
    });
  });
}

async function main([file, ...args]) {
  if (file === undefined) throw new Failure("usage: node tools/start.mjs FILE ARGS…");
  await install();
  const env = { NODE_COMPILE_CACHE: join(cacheDir(), "node"), ...process.env };
  // The newest package for macOS is 24.0, which still calls running TypeScript experimental.
  const flags = ["--disable-warning=ExperimentalWarning"];
  return run(findNode(), [...flags, resolve(root, file), ...args], { env, stdio: "inherit" });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).then(
    (end) => {
      if (typeof end === "string") process.kill(process.pid, end);
      else process.exitCode = end;
    },
    (error) => {
      const known = error instanceof Failure;
      say(known ? error.message : error.stack);
      process.exitCode = known ? 2 : 70;
    },
  );
}
