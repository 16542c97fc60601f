import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runChild } from "./process.ts";
import { mayRun, ownName } from "./running-process.ts";
import { makeTemporaryFolder, sweepLeftovers } from "./temporary-folders.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sweep-"));
  vi.stubEnv("TMPDIR", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const module = join(import.meta.dirname, "temporary-folders.ts");

/** Another process makes a folder, writes a secret into it, and does `then`; the folder's path. */
async function madeBy(then: string): Promise<string> {
  const script = `import { writeFileSync } from "node:fs";
const { makeTemporaryFolder } = await import(${JSON.stringify(module)});
const { path } = makeTemporaryFolder("tf");
writeFileSync(path + "/terraform.tfvars", "secret");
process.stdout.write(path);
${then}`;
  const args = ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", script];
  const { stdout, stderr } = await runChild({
    program: process.execPath,
    args,
    env: { PATH: "/usr/bin:/bin", TMPDIR: folder },
  });
  if (stdout === "") throw new Error(stderr);
  return stdout;
}

const killed = () => madeBy('process.kill(process.pid, "SIGKILL"); setTimeout(() => undefined, 60_000);');
const left = () => readdirSync(folder);

function sweep(salvage: (path: string) => void = () => undefined): string[] {
  const said: string[] = [];
  sweepLeftovers(salvage, (line) => said.push(line));
  return said;
}

test.each([
  ["at its end", ""],
  ["when it exits in the middle", "process.exit(4);"],
  ["for an uncaught error", 'queueMicrotask(() => { throw new Error("bug"); });'],
])("a folder goes with its process: %s", async (_, then) => {
  await madeBy(then);
  expect(left()).toEqual([]);
});

test("a folder stays while a child works in it that may outlive us", async () => {
  const path =
    await madeBy(`const { runChild } = await import(${JSON.stringify(join(import.meta.dirname, "process.ts"))});
const { existsSync } = await import("node:fs");
const interrupt = new AbortController().signal;
const args = ["-c", "echo $$ >number; mv number pid; exec sleep 60"];
void runChild({ program: "sh", args, env: process.env, cwd: path, outputFolder: path, interrupt });
setInterval(() => existsSync(path + "/pid") && process.exit(4), 20);`);
  expect(sweep()).toEqual([]);
  expect(existsSync(join(path, "terraform.tfvars"))).toBe(true);
  process.kill(Number(readFileSync(join(path, "pid"), "utf8")));
  await vi.waitFor(() => {
    sweep();
    expect(left()).toEqual([]);
  }, 10_000);
});

test("what a killed process left is removed, after what must not be lost was taken out", async () => {
  const path = await killed();
  expect(left()).toEqual([basename(path)]);
  const seen: string[] = [];
  expect(sweep((found) => seen.push(found))).toEqual([]);
  expect(seen).toEqual([path]);
  expect(left()).toEqual([]);
});

test("where that cannot be taken out, the folder stays, and it is said", async () => {
  const path = await killed();
  const [said] = sweep(() => {
    throw new Error("the disk is full");
  });
  expect(said).toContain(path);
  expect(said).toContain("the disk is full");
  expect(existsSync(path)).toBe(true);
});

test("the folder of a process that runs stays, also where another process had its number before", async () => {
  const { path, remove } = makeTemporaryFolder("tf");
  sweep();
  expect(existsSync(path)).toBe(true);
  const [pid, , space] = ownName().split("-");
  const earlier = join(folder, `pve-home-tf-${pid}-0-${space}-abcdef`);
  mkdirSync(earlier);
  sweep();
  expect(left()).toEqual([basename(path)]);
  remove();
  expect(left()).toEqual([]);
});

test("a process of another system is not judged from here", () => {
  const [pid, start] = ownName().split("-");
  expect(mayRun(`${pid}-${start}-0`)).toBe(true);
  expect(mayRun(ownName())).toBe(true);
});

test("what is no folder of ours stays: other names, links, other users", async () => {
  const path = await killed();
  const target = join(folder, "target");
  renameSync(path, target);
  symlinkSync(target, path);
  mkdirSync(join(folder, "pve-home-tf-abcdef"));
  writeFileSync(`${path.slice(0, -6)}uvwxyz`, "a file");
  const others = `${path.slice(0, -6)}123456`;
  mkdirSync(others);
  if (process.getuid?.() === 0) chownSync(others, 65534, 65534);
  const before = left();
  sweep();
  const ours = process.getuid?.() === 0 ? [] : [basename(others)];
  expect(left()).toEqual(before.filter((name) => !ours.includes(name)));
  expect(readdirSync(target)).toEqual(["terraform.tfvars"]);
});

test("a number that is used again is recognised by the start of its process", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const pid = (child.pid ?? 0).toString(36);
  const [, , space] = ownName().split("-");
  expect(mayRun(`${pid}-0-${space}`)).toBe(false);
  child.kill();
});
