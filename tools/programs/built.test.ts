import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { builtPath, cacheKey, ensureBuilt, platform, resolution } from "./built.ts";
import { opentofu } from "./opentofu.ts";
import { sink, temporary } from "./testing.ts";

test("platforms in Go's words", () => {
  expect(platform("linux", "x64")).toBe("linux_amd64");
  expect(platform("darwin", "arm64")).toBe("darwin_arm64");
});

test("the cache key changes with the sources, the build and the machine", () => {
  const key = cacheKey(opentofu, "linux_amd64");
  expect(key).toMatch(/^tofu-1\.12\.6-linux_amd64-[0-9a-f]{12}$/);
  expect(cacheKey({ ...opentofu, sum: "h1:other" }, "linux_amd64")).not.toBe(key);
  expect(cacheKey({ ...opentofu, ldflags: "" }, "linux_amd64")).not.toBe(key);
  expect(cacheKey({ ...opentofu, added: { "a.html": "page" } }, "linux_amd64")).not.toBe(key);
  expect(cacheKey({ ...opentofu, title: "another name" }, "linux_amd64")).toBe(key);
});

test("two at once build once, and the second says that it waits", async () => {
  const cache = await temporary();
  const stderr = sink();
  const r = resolution({ env: { PVE_HOME_CACHE: cache }, stderr });
  let builds = 0;
  const make = async (target: string): Promise<void> => {
    builds += 1;
    await writeFile(target, "the program");
  };
  const [a, b] = await Promise.all([ensureBuilt(opentofu, r, make), ensureBuilt(opentofu, r, make)]);
  expect(a).toBe(b);
  expect(await readFile(a, "utf8")).toBe("the program");
  expect(builds).toBe(1);
  expect(stderr.text()).toBe("another process is building OpenTofu 1.12.6, waiting for it\n");
  await ensureBuilt(opentofu, r, make);
  expect(builds).toBe(1);
});

test("a build that fails leaves nothing behind, and can be done again", async () => {
  const cache = await temporary();
  const r = resolution({ env: { PVE_HOME_CACHE: cache }, stderr: sink() });
  const path = builtPath(opentofu, r.cache);
  const broken = async (target: string): Promise<void> => {
    await writeFile(target, "half");
    throw new Error("disk full");
  };
  await expect(ensureBuilt(opentofu, r, broken)).rejects.toThrow("disk full");
  expect(existsSync(dirname(path))).toBe(false);
  expect(await readdir(join(cache, "locks"))).toEqual([]);
  await ensureBuilt(opentofu, r, (target) => writeFile(target, "whole"));
  expect(await readFile(path, "utf8")).toBe("whole");
});
