import { execFileSync } from "node:child_process";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTextFile } from "./read-file.ts";

const folder = () => mkdtempSync(join(tmpdir(), "read-"));

test("a file and a link to one are read as a whole", () => {
  const place = folder();
  const text = "ä".repeat(100_000);
  writeFileSync(join(place, "file"), text);
  symlinkSync("file", join(place, "link"));
  expect(readTextFile(join(place, "file"))).toBe(text);
  expect(readTextFile(join(place, "link"))).toBe(text);
});

test("what is no regular file is refused at once: a pipe, a device without end, a folder", () => {
  const place = folder();
  execFileSync("mkfifo", [join(place, "pipe")]);
  symlinkSync("pipe", join(place, "link"));
  expect(() => readTextFile(join(place, "pipe"))).toThrow(/a pipe.*regular file/);
  expect(() => readTextFile(join(place, "link"))).toThrow(/a pipe/);
  expect(() => readTextFile("/dev/zero")).toThrow(/a device/);
  expect(() => readTextFile(place)).toThrow(/a folder/);
});

test("a file that is too large is refused, however it grows", () => {
  const file = join(folder(), "file");
  writeFileSync(file, Buffer.alloc(2 * 1024 * 1024 + 1, "x"));
  expect(() => readTextFile(file)).toThrow(/larger than 2 MiB/);
});

test("what is not there keeps the system's code", () => {
  expect(() => readTextFile("/no/such/file")).toThrow(expect.objectContaining({ code: "ENOENT" }));
});
