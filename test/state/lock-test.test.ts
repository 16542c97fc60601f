import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type StoreSettings, startStore, testBucket } from "../../src/connect/s3/server.test-helper.ts";
import type { S3Connection } from "../../src/connect/s3/types.ts";
import { type Desk, openDesk } from "../e2e/cli.test-helper.ts";

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

// A real MinIO is asked in lab.test.ts.
test.each([
  [{ conditions: "as-s3" }, 0, /\/states excludes$/m],
  [{ conditions: "ignored" }, 1, /does NOT exclude: 2 of 2 .* the store ignores If-None-Match/],
  [{ conditions: "refused-after-delete" }, 1, /does NOT exclude: .* could not be taken again/],
  [{ conditions: "not-implemented" }, 1, /does NOT exclude: it cannot write on a condition/],
] satisfies [StoreSettings, number, RegExp][])("a store with %j", async (settings, exitCode, said) => {
  const store = await startStore(settings);
  onTestFinished(() => store.close());
  const ran = await lockTest(store.connection, testBucket);
  expect(ran).toMatchObject({ exitCode, stdout: expect.stringMatching(said), stderr: "" });
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
