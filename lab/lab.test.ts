import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
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

test("a lab that answers, but is not the one of the file, does not count", async () => {
  const directory = await folder();
  const lab = await start({});
  const other = { ...lab.facts, pid: process.ppid };
  await writeFile(join(directory, "lab.json"), JSON.stringify(other));
  await expect(readLabFacts(directory)).rejects.toMatchObject({ code: "not-running" });
  const wrongToken = { ...lab.facts, control: { ...lab.facts.control, token: "nonsense" } };
  await writeFile(join(directory, "lab.json"), JSON.stringify(wrongToken));
  await expect(readLabFacts(directory)).rejects.toMatchObject({ code: "not-running" });
});

test("a fresh one knows nothing of the last; beside a running one it is refused and harms nothing", async () => {
  const directory = await folder();
  const first = await start({ directory, guests: 1 });
  await writeFile(join(directory, "storage/local/snippets/mine.yaml"), "");
  const before = await readFile(join(directory, "world.json"), "utf8");
  await expect(startLab({ directory, fresh: true })).rejects.toMatchObject({ code: "already-running" });
  expect(await readFile(join(directory, "world.json"), "utf8")).toBe(before);
  await first.close();
  const second = await start({ directory, fresh: true });
  expect(Object.keys(second.world.guests)).toEqual(["9000"]);
  expect(await readdir(join(directory, "storage/local/snippets"))).toEqual([]);
  expect(second.facts.fingerprint).not.toBe(first.facts.fingerprint);
});

test("a node has a name that Proxmox allows; else nothing is made", async () => {
  const directory = join(await folder(), "lab");
  await expect(startLab({ directory, nodes: ["a b"] })).rejects.toMatchObject({ code: "option-invalid" });
  await expect(readdir(directory)).rejects.toThrow(/ENOENT/);
});

test("a state that cannot be saved shows in the status, and closing says it and closes all the same", async () => {
  const directory = await folder();
  const lines: string[] = [];
  const lab = await startLab({ directory, sshPort: 0, log: (line) => lines.push(line) });
  await rm(join(directory, "world.json"));
  await mkdir(join(directory, "world.json/obstacle"), { recursive: true });
  const control = controlClient(lab.facts);
  await control.break("api-slow");
  await expect.poll(async () => (await control.status()).unsaved).toMatch(/EISDIR|ENOTEMPTY/);
  await expect(lab.close()).rejects.toThrow(/EISDIR|ENOTEMPTY/);
  expect(lines.filter((line) => line.includes("cannot be saved"))).toHaveLength(1);
  expect(await readdir(directory)).not.toContain("lab.lock");
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

test("machines: what they need is asked for before anything is written", async () => {
  const directory = join(await folder(), "lab");
  const refused = { code: "option-invalid", message: expect.stringMatching(/apt install|not found/) };
  await expect(startLab({ directory, machines: join(directory, "none") })).rejects.toMatchObject(refused);
  await expect(stat(directory)).rejects.toMatchObject({ code: "ENOENT" });
});
