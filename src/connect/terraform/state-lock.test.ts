import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Secret } from "../../model/secret.ts";
import { startStore, testBucket } from "../s3/server.test-helper.ts";
import { makeEnvironment } from "./environment.test-helper.ts";
import { s3StateOf } from "./s3-state.ts";
import { readLock } from "./state-lock.ts";
import type { TerraformRun } from "./types.ts";

const backend = 'terraform {\n  backend "s3" {\n    use_lockfile = true\n  }\n}\n';
const keys = { AWS_ACCESS_KEY_ID: "test-access", AWS_SECRET_ACCESS_KEY: new Secret("test-secret") };

async function inStore(files: Record<string, string> = { "backend.tf": backend }) {
  const store = await startStore();
  onTestFinished(() => store.close());
  const { endpoint } = store.connection;
  const hcl = `endpoints = { s3 = "${endpoint}" }\nbucket = "${testBucket}"\nkey = "prod/terraform.tfstate" # the state\n`;
  const run = makeEnvironment({ ...files, "backend.hcl": hcl });
  const partial: TerraformRun = {
    ...run,
    backend: { file: join(run.directory, "backend.hcl") },
    environment: keys,
  };
  return { store, endpoint, run: partial };
}

const note = JSON.stringify({
  ID: "abc",
  Operation: "OperationTypeApply",
  Who: "ann@laptop",
  Created: "2026-11-20T10:00:00Z",
});

test("the lock of a state in a store is reported with who and since when", async () => {
  const { store, run } = await inStore();
  expect(await readLock(run)).toBeUndefined();
  store.objects.set("states/prod/terraform.tfstate.tflock", Buffer.from(note));
  expect(await readLock(run)).toEqual({
    who: "ann@laptop",
    since: "2026-11-20T10:00:00Z",
    operation: "OperationTypeApply",
    id: "abc",
  });
  store.objects.set("states/prod/terraform.tfstate.tflock", Buffer.from("?"));
  expect(await readLock(run)).toMatchObject({ who: "unknown" });
});

test("each selected workspace has a lock of its own", async () => {
  const { store, run } = await inStore({ "backend.tf": backend, ".terraform/environment": "blue" });
  store.objects.set("states/env:/blue/prod/terraform.tfstate.tflock", Buffer.from(note));
  expect(await readLock(run)).toMatchObject({ id: "abc" });
});

test("a backend without a lock, and one whose place or keys are elsewhere, give no lock", async () => {
  const { store, run } = await inStore({ "backend.tf": 'terraform {\n  backend "s3" {}\n}\n' });
  expect(await readLock(run)).toBeUndefined();
  expect(await readLock({ ...run, environment: {} })).toBeUndefined();
  const elsewhere = makeEnvironment({ "backend.tf": backend });
  expect(await readLock({ ...elsewhere, environment: keys })).toBeUndefined();
  expect(store.seen).toEqual([]);
});

test("a store that refuses the read is a problem, not a free lock", async () => {
  const { run } = await inStore();
  const environment = { ...keys, AWS_ACCESS_KEY_ID: "another-key" };
  await expect(readLock({ ...run, environment })).rejects.toMatchObject({ code: "s3-denied" });
});

test("what the partial settings say wins over the block, and both over the environment", () => {
  const text = 'terraform {\n  backend "s3" {\n    bucket = "a"\n    key = "k"\n    region = "r"\n  }\n}\n';
  const run = makeEnvironment({ "main.tf": text });
  const environment = {
    ...keys,
    AWS_REGION: "other",
    AWS_ENDPOINT_URL_S3: "https://store",
    AWS_CA_BUNDLE: "/ca",
  };
  expect(s3StateOf({ ...run, environment, backend: { settings: { bucket: "b" } } })).toMatchObject({
    bucket: "b",
    key: "k",
    lockKey: undefined,
    connection: { endpoint: "https://store", region: "r", caFile: "/ca" },
  });
  expect(s3StateOf({ ...run, environment: keys })?.connection.endpoint).toBe("https://s3.r.amazonaws.com");
});
