import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { controlClient, readLabFacts } from "./control-client.ts";
import { type RunningLab, startLab } from "./lab.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "pve-home-lab-test-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function start(options: Parameters<typeof startLab>[0]): Promise<RunningLab> {
  const lab = await startLab({ sshPort: 0, ...options });
  onTestFinished(() => lab.close());
  return lab;
}

test("facts are in the folder while it runs, for the owner alone", async () => {
  const directory = await folder();
  const lab = await start({ directory });
  const file = join(directory, "lab.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readLabFacts(directory)).toEqual(lab.facts);
  expect(lab.facts.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  await lab.close();
  await expect(readLabFacts(directory)).rejects.toMatchObject({ code: "not-running" });
});

test("a second lab in the folder is refused and names the first; a dead one's file is not", async () => {
  const directory = await folder();
  const dead = { ...(await start({ directory })).facts, pid: 2 ** 22 + 1 };
  await expect(startLab({ directory })).rejects.toMatchObject({
    code: "already-running",
    message: expect.stringContaining(String(process.pid)),
  });
  const other = await folder();
  await writeFile(join(other, "lab.json"), JSON.stringify(dead));
  const lab = await start({ directory: other });
  expect(lab.facts.pid).toBe(process.pid);
});

test("a restart finds everything as it was", async () => {
  const directory = await folder();
  const first = await start({ directory, guests: 2, nodes: ["a", "b"] });
  await controlClient(first.facts).config("web-001", { memory: 777 });
  await controlClient(first.facts).break("booting", "web-002");
  await first.close();
  const second = await start({ directory, guests: 2, nodes: ["a", "b", "c"] });
  expect(second.world.guests).toEqual(first.world.guests);
  expect(second.world.faults).toEqual(first.world.faults);
  expect(Object.keys(second.world.nodes)).toEqual(["a", "b", "c"]);
  const { tokens, fingerprint, root } = second.facts;
  expect({ tokens, fingerprint, root }).toEqual({
    tokens: first.facts.tokens,
    fingerprint: first.facts.fingerprint,
    root: first.facts.root,
  });
  expect((await stat(join(directory, "world.json"))).mode & 0o777).toBe(0o600);
});

test("two labs have other secrets and keys", async () => {
  const [one, two] = [await start({}), await start({})];
  expect(one.facts.tokens.terraform).not.toBe(two.facts.tokens.terraform);
  expect(one.facts.fingerprint).not.toBe(two.facts.fingerprint);
});

test("without a folder nothing is left", async () => {
  const lab = await start({});
  expect(await readdir(lab.facts.directory)).toContain("lab.json");
  await lab.close();
  await expect(readFile(join(lab.facts.directory, "lab.json"))).rejects.toThrow(/ENOENT/);
});
