import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runChild } from "./programs/child.ts";
import { script, systemPath, temporary } from "./programs/testing.ts";
import { cacheDir, withLock } from "./start.mjs";

/** A checkout with start.mjs alone, and an npm that counts its calls; its packages hold this Node. */
async function checkout(npm = "") {
  const root = await temporary();
  await mkdir(join(root, "tools"));
  await cp(fileURLToPath(new URL("start.mjs", import.meta.url)), join(root, "tools/start.mjs"));
  await writeFile(join(root, "package-lock.json"), "{}");
  await writeFile(
    join(root, "show.mjs"),
    "console.log(JSON.stringify([process.argv.slice(2), process.env.NODE_COMPILE_CACHE]))",
  );
  await writeFile(join(root, "exit.mjs"), "process.exit(7)");
  await writeFile(
    join(root, "wait.mjs"),
    "process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1e6); console.log('ready')",
  );
  const node = `node_modules/node-${process.platform}-${process.arch}/bin/node`;
  await script(
    join(root, "bin/npm"),
    `echo "$@" >>${root}/calls\n${npm}\nrm -rf node_modules && mkdir -p ${dirname(node)} && ln -s ${process.execPath} ${node}\necho added 1 package`,
  );
  const env = { PATH: `${root}/bin:${systemPath}`, PVE_HOME_CACHE: `${root}/cache`, HOME: root };
  const args = (file: string, ...more: string[]) => [join(root, "tools/start.mjs"), file, ...more];
  const start = (file: string, ...more: string[]) =>
    runChild(process.execPath, args(file, ...more), { env, cwd: tmpdir() });
  const installs = async () =>
    (await readFile(`${root}/calls`, "utf8").catch(() => "")).split("\n").length - 1;
  return { root, env, args, start, installs };
}

test("a clean checkout is installed once, with stdout left to the program", async () => {
  const { root, start, installs } = await checkout();
  const first = await start("show.mjs", "--flag", "a b");
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toEqual([["--flag", "a b"], `${root}/cache/node`]);
  expect(first.output).toContain("installing packages");
  expect(first.output).toContain("added 1 package");
  expect((await start("show.mjs")).output).not.toContain("installing");
  expect(await installs()).toBe(1);
});

test("another lock file means another installation, a touched one does not", async () => {
  const { root, start, installs } = await checkout();
  await start("show.mjs");
  await utimes(join(root, "package-lock.json"), new Date(), new Date(Date.now() + 60_000));
  await start("show.mjs");
  expect(await installs()).toBe(1);
  await writeFile(join(root, "package-lock.json"), '{"other":1}');
  await start("show.mjs");
  expect(await installs()).toBe(2);
});

test("two starts at once run one npm ci", async () => {
  const { root, start, installs } = await checkout();
  const both = await Promise.all([start("show.mjs"), start("show.mjs")]);
  expect(both.map((end) => end.code)).toEqual([0, 0]);
  expect(await installs()).toBe(1);
  expect(await readdir(root)).not.toContain(".npm-ci.lock");
});

test("a failed installation is told, and tried again by the next start", async () => {
  const { root, start, installs } = await checkout("echo no network >&2; exit 3");
  const first = await start("show.mjs");
  expect(first.code).toBe(2);
  expect(first.output).toContain("no network");
  expect(first.output).toContain("npm ci failed (3)");
  expect(existsSync(join(root, ".npm-ci.lock"))).toBe(false);
  await start("show.mjs");
  expect(await installs()).toBe(2);
});

test("without npm the message says so", async () => {
  const { root, env, args } = await checkout();
  const end = await runChild(process.execPath, args("show.mjs"), { env: { ...env, PATH: `${root}/none` } });
  expect(end.code).toBe(2);
  expect(end.output).toContain("npm is not on PATH");
});

test("the exit code comes through", async () => {
  const { start } = await checkout();
  expect((await start("exit.mjs")).code).toBe(7);
});

test.each([
  ["is handled by the program", "wait.mjs", [9, null]],
  ["ends the program", "hang.mjs", [null, "SIGTERM"]],
])("a signal %s", async (_, file, end) => {
  const { root, env, args, start } = await checkout();
  await writeFile(join(root, "hang.mjs"), "setInterval(() => {}, 1e6); console.log('ready')");
  await start("show.mjs");
  const child = spawn(process.execPath, args(file), { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual(end);
});

test("the cache folder", () => {
  expect(cacheDir({ PVE_HOME_CACHE: "/c", XDG_CACHE_HOME: "/x", HOME: "/h" })).toBe("/c");
  expect(cacheDir({ XDG_CACHE_HOME: "/x", HOME: "/h" })).toBe("/x/pve-home");
  expect(cacheDir({ HOME: "/h" })).toBe("/h/.cache/pve-home");
});

test("a lock lets one in at a time", async () => {
  const path = join(await temporary(), "locks", "a");
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((done) => setImmediate(done));
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLock(path, work, { pollMs: 1 })));
  expect(most).toBe(1);
});

test("the lock of a dead owner is taken over", async () => {
  const path = join(await temporary(), "lock");
  await mkdir(path);
  await utimes(path, new Date(0), new Date(0));
  expect(await withLock(path, async () => "done", { pollMs: 1 })).toBe("done");
  expect(existsSync(path)).toBe(false);
});
