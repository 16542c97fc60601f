import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
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

test.runIf(process.platform === "linux")("a place where nobody can make a folder fails at once", async () => {
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
