import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readLabFacts } from "./facts.ts";
import { forgetWorld, takeFolder } from "./folder.ts";
import { isFolderLocked } from "./folder-lock.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "pve-home-lab-test-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test("of several at once one gets the folder; when it gives it back, it is free", async () => {
  const directory = await folder();
  // What a running lab has; without it they would wait for each other.
  await writeFile(join(directory, "lab.json"), "{}");
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeFolder(directory)));
  const [got, ...more] = tries.filter((one) => one.status === "fulfilled");
  expect(more).toEqual([]);
  for (const one of tries.filter(({ status }) => status === "rejected")) {
    expect(one).toMatchObject({
      reason: { code: "already-running", message: expect.stringContaining(`${process.pid}`) },
    });
  }
  expect(await isFolderLocked(directory)).toBe(true);
  await got?.value();
  expect(await readdir(directory)).toEqual(["lab.json"]);
});

test("one that is about to end is waited for", async () => {
  const directory = await folder();
  const release = await takeFolder(directory);
  const second = takeFolder(directory);
  await release();
  await (await second)();
});

test("the lock of a process that is gone holds nothing, also where another process has its number now", async () => {
  const directory = await folder();
  const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await once(child, "exit");
  for (const lock of [`${child.pid} somewhen 1\n`, `${process.pid} somewhen 2\n`, "", "what is this"]) {
    await writeFile(join(directory, "lab.lock"), lock);
    const release = await takeFolder(directory);
    expect(await readFile(join(directory, "lab.lock"), "utf8")).toMatch(`${process.pid} `);
    await release();
  }
});

test("pipes where the files of a lab should be are not waited for", async () => {
  const directory = await folder();
  for (const name of ["lab.lock", "lab.json"]) execFileSync("mkfifo", [join(directory, name)]);
  await expect(readLabFacts(directory)).rejects.toMatchObject({ code: "not-running" });
  await rm(join(directory, "lab.json"));
  const release = await takeFolder(directory);
  expect(await isFolderLocked(directory)).toBe(true);
  await release();
});

test("a file, or a place below one, is no folder", async () => {
  const directory = await folder();
  const file = join(directory, "file");
  await writeFile(file, "");
  await expect(takeFolder(file)).rejects.toMatchObject({ code: "folder-unusable", message: /it is a file/ });
  await expect(takeFolder(join(file, "lab"))).rejects.toMatchObject({ code: "folder-unusable" });
});

test("a world is forgotten with its files; a folder that has none keeps what it has", async () => {
  const directory = await folder();
  await mkdir(join(directory, "storage/local"), { recursive: true });
  await writeFile(join(directory, "storage/local/mine"), "");
  await forgetWorld(directory);
  expect(await readdir(join(directory, "storage/local"))).toEqual(["mine"]);
  for (const name of ["world.json", "pve-ssl.key", "notes.txt"]) await writeFile(join(directory, name), "");
  await forgetWorld(directory);
  expect(await readdir(directory)).toEqual(["notes.txt"]);
});
