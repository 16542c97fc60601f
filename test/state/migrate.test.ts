import { cpSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startStore, testBucket } from "../../src/connect/s3/server.test-helper.ts";
import { stateText } from "../../src/state/subject.test-helper.ts";
import type { Tool } from "../../tools/programs/index.ts";
import { everythingIn, type Ran } from "../e2e/cli.test-helper.ts";
import { type RunningMinio, startMinio } from "./minio.ts";
import { openStateDesk, plantedOutput, type StateDesk, toolsHere } from "./state-desk.ts";

// A state that needs no provider, a real MinIO and the real tools.

const tools = await toolsHere();
const state = "terraform.tfstate";
const key = `home/prod/${state}`;
const inStore = ["backend.hcl", "backend.tf", "main.tf"];
let minio: RunningMinio;

beforeAll(async () => {
  minio = await startMinio({ secure: true });
});
afterAll(() => minio?.close());

/** What the tool has applied, once for all tests: a state is as good in a copy. */
const applied = new Map<string, Promise<StateDesk>>();
afterAll(async () => {
  for (const at of await Promise.all(applied.values())) at.close();
});

async function applyOnce(tool: Tool): Promise<StateDesk> {
  const at = await openStateDesk(tool, minio);
  expect(await at.tool("init")).toMatchObject({ code: 0 });
  expect(await at.tool("apply", "-auto-approve")).toMatchObject({ code: 0 });
  return at;
}

async function appliedDesk(tool = tools[0]): Promise<StateDesk> {
  if (tool === undefined) throw new Error("no tool");
  const model = applied.get(tool.kind) ?? applyOnce(tool);
  applied.set(tool.kind, model);
  const at = await openStateDesk(tool, minio);
  onTestFinished(() => at.close());
  cpSync((await model).desk.path("prod"), at.desk.path("prod"), { recursive: true });
  return at;
}

/** With a state that no tool has written. */
async function madeUp(outputs: object = {}): Promise<StateDesk> {
  const [tool] = tools;
  if (tool === undefined) throw new Error("no tool");
  const at = await openStateDesk(tool, minio);
  onTestFinished(() => at.close());
  at.desk.write(`prod/${state}`, stateText(1, { outputs }));
  return at;
}

async function migrate(at: StateDesk, args: string[], exitCode: number | null = 0): Promise<Ran> {
  const ran = await at.pveHome("state", "migrate", "--env", "prod", ...args);
  expect(ran, ran.stderr).toMatchObject({ exitCode });
  return ran;
}

/** What `state status` tells. */
async function told(at: StateDesk): Promise<object> {
  const { stdout } = await at.pveHome("state", "status", "--env", "prod", "--json");
  return JSON.parse(stdout).environments[0];
}

test("asked for first, shown with --dry-run: nothing is written for it, and no tool is started", async () => {
  const at = await madeUp();
  at.configure({ program: at.desk.path("no-such-tool") });
  const dry = await migrate(at, ["--dry-run"]);
  expect(dry.stdout).toMatch(/copy .* \(serial 1\)/);
  const asked = await migrate(at, [], 4);
  expect(asked.stderr).toContain("--yes");
  expect(at.files()).toEqual(["main.tf", state]);
  expect(await at.stored()).toEqual({});
});

test.each(tools)("with $kind: into the store once and back, the tool at home in both", async (tool) => {
  const at = await appliedDesk(tool);
  const before = readFileSync(at.file(state));
  const { lineage } = JSON.parse(before.toString());
  const { stdout } = await migrate(at, ["--yes"]);
  expect(stdout).toContain(`prod: its state is now at ${minio.endpoint}/${at.bucket}/${key}`);
  expect((await migrate(at, ["--yes"])).stdout).toContain("already");
  expect(at.files()).toEqual([...inStore, `${state}.local-1`]);
  expect(readFileSync(at.file(`${state}.local-1`))).toEqual(before);
  expect(statSync(at.file(`${state}.local-1`)).mode & 0o777).toBe(0o600);
  expect(await told(at)).toMatchObject({ serial: 1, lineage, locking: true });
  expect(await at.tool("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
  expect(await at.tool("apply", "-auto-approve", "-replace=terraform_data.this")).toMatchObject({ code: 0 });

  await migrate(at, ["--back", "--yes"]);
  expect(at.files()).toEqual(["main.tf", state, `${state}.local-1`]);
  expect(JSON.parse(at.read(state) ?? "")).toMatchObject({ serial: 2, lineage });
  expect(await at.tool("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });

  const everything = everythingIn(at.desk.folder, ...at.desk.printed);
  expect(everything).not.toContain(minio.secretKey);
  expect(at.desk.printed.join()).not.toContain(plantedOutput);
  const holding = at.files().filter((name) => at.read(name)?.includes(plantedOutput));
  expect(holding).toEqual(["main.tf", state, `${state}.local-1`]);
});

test("a state that the tool cannot read through the store stays in its file", async () => {
  const at = await appliedDesk();
  const before = readFileSync(at.file(state));
  at.configure({ program: at.wrapTool('[ "$1" = init ] && { echo "no providers today" >&2; exit 1; }') });
  expect((await migrate(at, ["--yes"], 3)).stderr).toContain("stays in its file");
  expect(at.files()).toEqual(["main.tf", state]);
  expect(readFileSync(at.file(state))).toEqual(before);
  expect(await at.stored()).toEqual({ [key]: before.toString() });
  expect(await at.tool("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
});

test("interrupted, changed meanwhile, killed: the state is where it was, and called again it goes on", async () => {
  const at = await appliedDesk();
  const before = at.read(state) ?? "";
  // All of it happens at the first init: that of the private copy which reads the state through the store.
  const atInit = (lines: string) => at.configure({ program: at.wrapTool(`[ "$1" = init ] && ${lines}`) });

  atInit("{ kill -INT $PPID; exec sleep 60; }");
  expect((await migrate(at, ["--yes"], 4)).stderr).toContain("interrupted");
  expect(at.files()).toEqual(["main.tf", state]);
  expect(at.read(state)).toBe(before);
  // And no lock.
  expect(await at.stored()).toEqual({ [key]: before });

  // As if another terminal had applied while the copy was made.
  const after = before.replace('"serial": 1', '"serial": 2');
  atInit(`cp ${at.desk.write("changed", after)} ${at.file(state)}`);
  expect((await migrate(at, ["--yes"], 3)).stderr).toContain("meanwhile");
  expect(at.files()).toEqual(["main.tf", state]);
  expect(at.read(state)).toBe(after);
  expect(await at.stored()).toEqual({ [key]: before });

  const killed = at.desk.path("killed");
  atInit(`[ ! -e ${killed} ] && { touch ${killed}; kill -9 $PPID; exit 1; }`);
  await migrate(at, ["--yes"], null);
  expect(at.files()).toEqual([...inStore, state]);
  expect(at.read(state)).toBe(after);
  expect(await told(at)).toMatchObject({ lock: { operation: "pve-home state migrate" } });

  await migrate(at, ["--yes"]);
  expect(at.files()).toEqual([...inStore, `${state}.local-2`]);
  expect(await at.stored()).toEqual({ [key]: after });
  expect(await at.tool("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
});

describe("refused, and nothing is changed", () => {
  async function refused(at: StateDesk, exitCode: number, ...said: string[]): Promise<void> {
    const before = at.files();
    const { stderr } = await migrate(at, ["--yes"], exitCode);
    for (const text of said) expect(stderr).toContain(text);
    expect(at.files()).toEqual(before);
  }

  test("an environment that declares MinIO, whether the store answers or not", async () => {
    const service = { name: "store", kind: "minio", guest: "store", url: "http://x", health_path: null };
    const at = await madeUp({ inventory: { value: { guests: [], services: [service] } } });
    at.configure({ endpoint: "http://127.0.0.1:1" });
    await refused(at, 2, "declares the store itself (service store)", "keep a copy of it off this machine");
  });

  test("a bucket that is not there, or has no versions", async () => {
    const at = await madeUp();
    const bucket = `${at.bucket}-unversioned`;
    at.configure({ bucket });
    await refused(at, 3, `no bucket ${bucket}`);
    await minio.makeBucket(bucket, false);
    await refused(at, 2, `versioning of the bucket ${bucket} is off`);
  });

  test("a store that ignores the condition", async () => {
    const at = await appliedDesk();
    const store = await startStore({ conditions: "ignored" });
    onTestFinished(() => store.close());
    at.env.MY_ACCESS = "test-access";
    at.configure({ endpoint: store.connection.endpoint, bucket: testBucket });
    await refused(at, 2, "does not lock", "ignores If-None-Match");
    expect(store.objects.size).toBe(0);
  });
});
