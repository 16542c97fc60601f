import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeKeys } from "./servers.test-helper.ts";

let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys({ user: ["-t", "ed25519"] });
});

afterAll(() => rmSync(keys.folder, { recursive: true, force: true }));

test("inside a network of its own, the lab's addresses come and go with the guests", {
  timeout: 30_000,
}, async () => {
  const script = fileURLToPath(import.meta.resolve("./own-addresses.test-script.ts"));
  // Fails where user namespaces are not permitted: this is a test that cannot run, not one to skip.
  const { stdout } = await promisify(execFile)("unshare", ["-Urn", process.execPath, script, keys.folder], {
    env: { PATH: process.env.PATH, HOME: keys.folder },
  });
  expect(JSON.parse(stdout)).toEqual({
    running: { addresses: ["10.99.0.1", "10.99.0.2", "fd00::3"], ssh: [0, 0, 0, 0], there: true },
    stopped: { addresses: ["10.99.0.2", "fd00::3"], ssh: [255, 0, 0, 255], there: false },
    // Not the lab's own: it was there before, and stays.
    closed: { addresses: [], foreign: true },
    programs: ["ip"],
  });
});

test("nothing but own-addresses.ts can start a process", () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const starting = sources.filter(
    (file) =>
      /^(?!.*\.test).*\.ts$/.test(file) &&
      readFileSync(join(import.meta.dirname, file), "utf8").includes("child_process"),
  );
  expect(starting).toEqual(["own-addresses.ts"]);
});
