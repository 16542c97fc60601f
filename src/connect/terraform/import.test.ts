import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { findTool } from "../../../tools/programs/index.ts";
import { makeEnvironment } from "./environment.test-helper.ts";
import type { TerraformRun } from "./types.ts";
import { prepare } from "./workspace.ts";

// The real tools with their built-in provider; test/apply and test/hostile do it with guests.

const tools = (await Promise.all([findTool("terraform"), findTool("tofu")])).filter(
  (tool) => tool !== undefined,
);
if (tools.length === 0) throw new Error("neither Terraform nor OpenTofu is there: npm test gets one");

const main = `
variable "names" { type = set(string) }
resource "terraform_data" "other" { input = "a" }
resource "terraform_data" "named" {
  for_each = var.names
  input    = each.key
}
`;
const names = { "terraform.tfvars": 'names = ["one", "two"]\n' };
const importing = {
  address: 'terraform_data.named["two"]',
  id: "known-id",
  // As a state stores a value whose type is not fixed.
  values: { input: { value: "two", type: "string" }, triggers_replace: null },
  lockTimeoutMs: 0,
};

interface StoredState {
  serial: number;
  resources: { name: string; instances: { index_key?: string; attributes: Record<string, unknown> }[] }[];
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A store of the backend `http`: one state, and a record of its locks. */
async function store() {
  let state = "";
  const locks: string[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.method === "POST") state = body;
    if (["LOCK", "UNLOCK"].includes(request.method ?? "")) locks.push(request.method ?? "");
    response.statusCode = request.method === "GET" && state === "" ? 404 : 200;
    response.end(request.method === "GET" ? state : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  return { url, locks, state: () => state };
}

describe.each(tools)("with $kind $version", { timeout: 60_000 }, ({ kind, path: program }) => {
  const environment = (files: Record<string, string> = {}): TerraformRun => ({
    ...makeEnvironment({ "main.tf": main, ...names, ...files }),
    tool: kind,
    program,
  });

  async function importInto(run: TerraformRun) {
    const workspace = await prepare(run);
    closers.push(() => workspace.dispose());
    await workspace.import(importing);
    const { json } = await workspace.plan();
    return JSON.stringify(json);
  }

  function importedIn(text: string) {
    const state: StoredState = JSON.parse(text);
    const named = state.resources.find(({ name }) => name === "named");
    return named?.instances.find(({ index_key: key }) => key === "two")?.attributes;
  }

  const stateFile = (run: TerraformRun) => join(run.directory, "terraform.tfstate");

  test("before anything was applied: the state has it, as the code says it, and nothing else is written", async () => {
    const run = environment();
    await importInto(run);
    expect(importedIn(readFileSync(stateFile(run), "utf8"))).toMatchObject({
      id: "known-id",
      input: { value: "two" },
    });
    const files = readdirSync(run.directory).filter((name) => name !== ".terraform.lock.hcl");
    expect(files.sort()).toEqual(["main.tf", "terraform.tfstate", "terraform.tfvars"]);
  });

  test("what the state has already stays", async () => {
    const run = environment();
    const workspace = await prepare(run);
    closers.push(() => workspace.dispose());
    const { planFile } = await workspace.planToApply({ lockTimeoutMs: 0 });
    const never = new AbortController().signal;
    await workspace.apply(planFile, {
      lockTimeoutMs: 0,
      onEvent: () => undefined,
      interrupt: never,
      kill: never,
    });
    const before: StoredState = JSON.parse(readFileSync(stateFile(run), "utf8"));
    const kept = before.resources.map(({ instances, ...resource }) => ({
      ...resource,
      instances: instances.filter(({ index_key: key }) => key !== "two"),
    }));
    writeFileSync(stateFile(run), JSON.stringify({ ...before, resources: kept }));
    await importInto(run);
    const after: StoredState = JSON.parse(readFileSync(stateFile(run), "utf8"));
    expect(after.serial).toBeGreaterThan(before.serial);
    const other = ({ resources }: Pick<StoredState, "resources">) =>
      resources.filter(({ name }) => name === "other");
    expect(other(after)).toEqual(other(before));
    expect(importedIn(JSON.stringify(after))).toMatchObject({ id: "known-id" });
  });

  test("a state in a store is written there, once, under its lock", async () => {
    const { url, locks, state } = await store();
    const run = environment({
      "backend.tf": `terraform {\n  backend "http" {\n    address = "${url}"\n    lock_address = "${url}"\n    unlock_address = "${url}"\n  }\n}\n`,
    });
    await importInto(run);
    expect(importedIn(state())).toMatchObject({ id: "known-id", input: { value: "two" } });
    expect(locks).toEqual(["LOCK", "UNLOCK"]);
    expect(existsSync(stateFile(run))).toBe(false);
  });

  test("what the tool refuses to import leaves the state as it was", async () => {
    const run = environment({ "terraform.tfvars": 'names = ["one"]\n' });
    await expect(importInto(run)).rejects.toMatchObject({ kind: "undetermined" });
    expect(existsSync(stateFile(run))).toBe(false);
  });
});
