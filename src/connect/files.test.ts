import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Secret } from "../model/secret.ts";
import { writeFileAtomic } from "./files.ts";
import { runChild } from "./process.ts";

const folder = () => mkdtempSync(join(tmpdir(), "files-"));

test("a file is replaced as a whole, with its mode, and nothing else is left there", () => {
  const place = folder();
  const file = join(place, "a.prom");
  writeFileAtomic(file, "old");
  writeFileAtomic(file, "new", 0o600);
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(place)).toEqual(["a.prom"]);
});

test("folders that are missing are made", () => {
  const file = join(folder(), "a", "b", "c.json");
  writeFileAtomic(file, "{}");
  expect(readFileSync(file, "utf8")).toBe("{}");
});

test("a file where a folder should be is an error", () => {
  const place = folder();
  writeFileSync(join(place, "a"), "");
  expect(() => writeFileAtomic(join(place, "a", "b", "c"), "")).toThrow(/ENOTDIR|EEXIST/);
});

test("a link stays, and what it leads to is replaced, also what is not there yet", () => {
  const place = folder();
  mkdirSync(join(place, "far"));
  writeFileSync(join(place, "far", "a"), "old");
  symlinkSync("far/a", join(place, "link"));
  symlinkSync("link", join(place, "second"));
  symlinkSync("far/new", join(place, "dangling"));
  writeFileAtomic(join(place, "second"), "new");
  writeFileAtomic(join(place, "dangling"), "made");
  expect(readlinkSync(join(place, "second"))).toBe("link");
  expect(readlinkSync(join(place, "link"))).toBe("far/a");
  expect(readFileSync(join(place, "far", "a"), "utf8")).toBe("new");
  expect(readFileSync(join(place, "far", "new"), "utf8")).toBe("made");
  expect(readdirSync(join(place, "far")).sort()).toEqual(["a", "new"]);
});

test("links that lead round in a circle are an error", () => {
  const place = folder();
  symlinkSync("b", join(place, "a"));
  symlinkSync("a", join(place, "b"));
  expect(() => writeFileAtomic(join(place, "a"), "")).toThrow(/ELOOP/);
});

test("a pipe that is read from gets the text and stays a pipe", () => {
  const pipe = join(folder(), "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  writeFileAtomic(pipe, "text");
  const buffer = Buffer.alloc(10);
  expect(buffer.toString("utf8", 0, readSync(reader, buffer))).toBe("text");
  closeSync(reader);
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});

test("a pipe that nothing reads from is said to be one, and not waited for", () => {
  const place = folder();
  execFileSync("mkfifo", [join(place, "pipe")]);
  expect(() => writeFileAtomic(join(place, "pipe"), "text")).toThrow(/it is a pipe, and nothing reads/);
  expect(readdirSync(place)).toEqual(["pipe"]);
});

test("a device is written to; a full one is named with the reason", () => {
  writeFileAtomic("/dev/null", "text");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  expect(() => writeFileAtomic("/dev/full", "text")).toThrow(
    expect.objectContaining({
      code: "file-unwritable",
      message: "/dev/full cannot be written: no space is left on the disk (ENOSPC)",
    }),
  );
});

test("what another process has open is not replaced under it", async () => {
  const place = folder();
  const module = fileURLToPath(new URL("files.ts", import.meta.url));
  const script = `import(${JSON.stringify(module)}).then(({ writeFileAtomic }) => writeFileAtomic("/proc/self/fd/1", "page"))`;
  await runChild({
    program: "/bin/sh",
    args: ["-c", 'exec > file; echo first; "$0" -e "$1"; echo last', process.execPath, script],
    env: {},
    cwd: place,
  });
  expect(readFileSync(join(place, "file"), "utf8")).toBe("first\npagelast\n");
});

test("text goes out without secrets and control characters, bytes as they are", () => {
  const file = join(folder(), "a");
  new Secret("written-by-mistake");
  writeFileAtomic(file, "it is written-by-mistake\u001b[2J\u202e\n");
  expect(readFileSync(file, "utf8")).toBe("it is [secret]\\u001b[2J\\u202e\n");
  writeFileAtomic(file, Buffer.from("it is written-by-mistake\u001b\r\n"));
  expect(readFileSync(file, "utf8")).toBe("it is written-by-mistake\u001b\r\n");
});

test.runIf(process.platform === "linux")("a place where no folder can be made fails at once", async () => {
  // In a child: Node's own recursive mkdir never comes back from here, and no timer could end it.
  const module = fileURLToPath(new URL("files.ts", import.meta.url));
  const script = `import(${JSON.stringify(module)}).then(({ writeFileAtomic }) => writeFileAtomic("/proc/1/a/b/c", ""))`;
  const ran = await runChild({
    program: process.execPath,
    args: ["-e", script],
    env: {},
    timeoutMs: 3000,
  });
  expect(ran).toMatchObject({ timedOut: false, exitCode: 1 });
  expect(ran.stderr).toMatch(/ENOENT|EACCES/);
});
