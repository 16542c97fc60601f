import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseExclusions, readExclusions } from "./exclusions.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "exclusions-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("one a line, with comments, blank lines and places", () => {
  expect(parseExclusions("# parked\n\nold-*  # until May\r\nlxc\n", "exclusions.conf")).toEqual([
    { pattern: "old-*", place: "exclusions.conf:3" },
    { pattern: "lxc", place: "exclusions.conf:4" },
  ]);
});

test.each(["web db", "web,db", "exclude=web", "web[", "--exclude"])(
  "%j is refused with file and line",
  (line) => {
    expect(() => parseExclusions(`vm\n${line}\n`, "exclusions.conf")).toThrow(
      expect.objectContaining({
        kind: "configuration",
        code: "exclusion-malformed",
        place: "exclusions.conf:2",
      }),
    );
  },
);

test("a file that is not there excludes nothing, unless it was named by hand", async () => {
  const file = join(await folder(), "exclusions.conf");
  expect(readExclusions(file)).toEqual([]);
  expect(() => readExclusions(file, { required: true })).toThrow(
    expect.objectContaining({ kind: "configuration", code: "exclusions-unreadable", place: file }),
  );
});

test("reads the file", async () => {
  const file = join(await folder(), "exclusions.conf");
  await writeFile(file, "dns\n");
  expect(readExclusions(file)).toEqual([{ pattern: "dns", place: `${file}:1` }]);
});

test("a file that cannot be read is said", async () => {
  const path = await folder();
  expect(() => readExclusions(path)).toThrow(
    expect.objectContaining({ code: "exclusions-unreadable", place: path }),
  );
});
