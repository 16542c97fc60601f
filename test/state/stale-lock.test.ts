import { hostname, userInfo } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { thisProcess } from "../../src/connect/running-process.ts";
import { openBucket } from "../../src/connect/s3/bucket.ts";
import type { S3Bucket } from "../../src/connect/s3/types.ts";
import { withStoreLock } from "../../src/state/store-lock.ts";
import { type RunningMinio, startMinio } from "./minio.ts";

let minio: RunningMinio;
let bucket: S3Bucket;

beforeAll(async () => {
  minio = await startMinio();
  await minio.makeBucket("states");
  bucket = openBucket(minio.connection, "states");
});
afterAll(async () => {
  bucket?.close();
  await minio?.close();
});

const stale = JSON.stringify({
  ID: "stale",
  Operation: "pve-home state migrate",
  Info: JSON.stringify({ ...thisProcess(), pid: 2 ** 30 }),
  Who: `${userInfo().username}@${hostname()}`,
  Created: "2026-11-20T10:00:00Z",
});

test("of many that have seen the same stale lock in a real MinIO, one takes it over", async () => {
  const key = "prod/terraform.tfstate";
  const takers = 8;
  await bucket.put(`${key}.tflock`, stale, "absent");
  let looked = 0;
  const all = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  // None goes on before all have looked at it, and half of them only when one is at work.
  const get: S3Bucket["get"] = async (name) => {
    const seen = await bucket.get(name);
    looked += 1;
    const late = looked <= takers / 2;
    if (looked === takers) all.resolve();
    await (late ? begun : all).promise;
    return seen;
  };
  const refused = Promise.withResolvers<void>();
  let others = 0;
  let working = 0;
  const take = () =>
    withStoreLock(
      { ...bucket, get },
      key,
      () => undefined,
      async () => {
        working += 1;
        begun.resolve();
        // It works until the others were refused.
        await refused.promise;
        return JSON.parse(String((await bucket.get(`${key}.tflock`))?.content));
      },
    ).catch((error: unknown) => {
      others += 1;
      if (others === takers - 1) refused.resolve();
      throw error;
    });
  const settled = await Promise.allSettled(Array.from({ length: takers }, take));
  expect(working).toBe(1);
  const [winner] = settled.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  expect(winner).toMatchObject({ Info: JSON.stringify(thisProcess()) });
  for (const one of settled.filter(({ status }) => status === "rejected")) {
    expect(one).toMatchObject({ reason: { code: "state-locked" } });
  }
  expect(await bucket.get(`${key}.tflock`)).toBeUndefined();
});
