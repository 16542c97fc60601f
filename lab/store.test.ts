import { mkdir, mkdtemp, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newWorld } from "./seed.ts";
import { createStore } from "./store.ts";

test("a state that cannot be written is said once, and kept for the next time", async () => {
  const directory = await mkdtemp(join(tmpdir(), "pve-home-lab-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const lines: string[] = [];
  const store = createStore(directory, newWorld(["pve1"], 0), (line) => lines.push(line));
  const obstacle = join(directory, "world.json");
  await mkdir(obstacle);
  await expect(store.flush()).rejects.toThrow(/EISDIR/);
  await expect(store.flush()).rejects.toThrow(/EISDIR/);
  expect(store.unsaved()).toMatch(/EISDIR/);
  expect(lines).toEqual([expect.stringMatching(/^the lab's state cannot be saved: EISDIR/)]);
  expect(await readdir(directory)).toEqual(["world.json"]);
  await rmdir(obstacle);
  await store.flush();
  expect(store.unsaved()).toBeUndefined();
  expect(lines[1]).toBe("the lab's state is saved again");
  expect(JSON.parse(await readFile(obstacle, "utf8"))).toMatchObject({ version: 1 });
});
