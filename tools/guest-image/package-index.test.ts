import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runChild } from "../programs/child.ts";
import { indexPackages } from "./package-index.ts";

test("each package is in the index with its control fields, its name without an epoch's %3a, and its hash", async () => {
  const folder = await mkdtemp(join(tmpdir(), "packages-"));
  await mkdir(join(folder, "hello/DEBIAN"), { recursive: true });
  const control =
    "Package: hello\nVersion: 1:2.0\nArchitecture: all\nMaintainer: Lab <lab@example.org>\nDescription: greets\n";
  await writeFile(join(folder, "hello/DEBIAN/control"), control);
  const file = join(folder, "hello_1%3a2.0_all.deb");
  expect(await runChild("dpkg-deb", ["--build", join(folder, "hello"), file])).toMatchObject({ code: 0 });
  await indexPackages(folder, join(folder, "out"));
  const bytes = await readFile(join(folder, "out/hello_1_2.0_all.deb"));
  const hash = createHash("sha256").update(bytes).digest("hex");
  expect(await readFile(join(folder, "out/Packages"), "utf8")).toBe(
    `${control}Filename: ./hello_1_2.0_all.deb\nSize: ${bytes.length}\nSHA256: ${hash}\n`,
  );
  expect(await readdir(join(folder, "out"))).toEqual(["Packages", "hello_1_2.0_all.deb"]);
});
