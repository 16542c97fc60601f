import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openBucket } from "../../src/connect/s3/bucket.ts";
import { type StoreSettings, startStore, testBucket } from "../../src/connect/s3/server.test-helper.ts";
import type { S3Connection } from "../../src/connect/s3/types.ts";
import { type Desk, openDesk } from "../e2e/cli.test-helper.ts";
import { startMinio } from "./minio.ts";

let desk: Desk;

beforeAll(() => {
  desk = openDesk();
});
afterAll(() => desk.close());

function lockTest({ endpoint, accessKey, secretKey }: S3Connection, bucket: string) {
  desk.write("pve-home.yaml", `state: { endpoint: "${endpoint}", bucket: ${bucket}, prefix: home/ }\n`);
  const env = { AWS_ACCESS_KEY_ID: accessKey.reveal(), AWS_SECRET_ACCESS_KEY: secretKey.reveal() };
  return desk.run(["state", "lock-test"], { env });
}

test("MinIO excludes, and nothing is left in its bucket", async () => {
  const minio = await startMinio();
  onTestFinished(() => minio.close());
  await minio.makeBucket("states");
  const ran = await lockTest(minio.connection, "states");
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatch(
    /^round 4: 8 asked at once, 1 got it; while held: refused; released, taken again$/m,
  );
  expect(ran.stdout).toMatch(/\/states excludes$/m);
  const bucket = openBucket(minio.connection, "states");
  expect(await bucket.versions("")).toEqual([]);
  bucket.close();
});

test.each([
  [{ conditions: "ignored" }, 1, /does NOT exclude: 2 of 2 .* the store ignores If-None-Match/],
  [{ conditions: "refused-after-delete" }, 1, /does NOT exclude: .* could not be taken again/],
  [{ conditions: "not-implemented" }, 1, /does NOT exclude: it cannot write on a condition/],
] satisfies [StoreSettings, number, RegExp][])("a store with %j", async (settings, exitCode, said) => {
  const store = await startStore(settings);
  onTestFinished(() => store.close());
  const ran = await lockTest(store.connection, testBucket);
  expect(ran).toMatchObject({ exitCode, stdout: expect.stringMatching(said) });
  expect(store.objects.size).toBe(0);
});

test("what cannot be asked is neither: no bucket, no store, no settings", async () => {
  const store = await startStore();
  onTestFinished(() => store.close());
  expect(await lockTest(store.connection, "others")).toMatchObject({
    exitCode: 3,
    stdout: "",
    stderr: expect.stringContaining("no bucket others"),
  });
  desk.write("pve-home.yaml", "state: { bucket: states }\n");
  expect(await desk.run(["state", "lock-test"])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("state.endpoint"),
  });
});
