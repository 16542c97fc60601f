import { expect, onTestFinished, test } from "vitest";
import { openBucket } from "../connect/s3/bucket.ts";
import { type StoreSettings, startStore, testBucket } from "../connect/s3/server.test-helper.ts";
import { testLock } from "./lock-test.ts";

async function tested(settings: StoreSettings = {}) {
  const store = await startStore(settings);
  const bucket = openBucket(store.connection, testBucket);
  onTestFinished(async () => {
    bucket.close();
    await store.close();
  });
  return { store, bucket, proof: await testLock(bucket, "home/") };
}

test("a store that keeps to the condition excludes, and nothing is left in it", async () => {
  const { store, proof } = await tested();
  expect(proof.failure).toBeUndefined();
  expect(proof.rounds.map(({ contenders, winners }) => [contenders, winners])).toEqual([
    [2, 1],
    [2, 1],
    [2, 1],
    [8, 1],
  ]);
  expect(proof.leftovers).toEqual([]);
  expect(store.objects.size).toBe(0);
  expect(
    store.seen.every((request) => request.includes("pve-home-lock-test") || /versions/.test(request)),
  ).toBe(true);
});

test.each([
  ["ignored", "lock-not-exclusive", /2 of 2 .* ignores If-None-Match/],
  ["always-refused", "lock-never-won", /none of 2/],
  ["refused-after-delete", "lock-not-released", /could not be taken again/],
  ["not-implemented", "lock-unsupported", /on a condition/],
] as const)("a store whose conditions are %s", async (conditions, code, message) => {
  const { store, proof } = await tested({ conditions });
  expect(proof.failure).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(store.objects.size).toBe(0);
});

test("what cannot be cleaned up is named", async () => {
  const { proof } = await tested({
    intercept: (request, response) => {
      if (!request.url?.includes("versions")) return false;
      response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
      return true;
    },
  });
  expect(proof.failure).toBeUndefined();
  expect(proof.leftovers).toEqual([expect.stringContaining("AccessDenied")]);
});

test.each([
  ["of two at once", 0],
  ["after the release", 3],
])("a write %s that was refused and is there all the same proves nothing", async (_, before) => {
  let writes = 0;
  const store = await startStore({
    // As where the reply is lost on its way, and something there sends the write again.
    intercept: (request, response) => {
      if (request.method !== "PUT") return false;
      writes += 1;
      if (writes !== before + 1) return false;
      store.objects.set(String(request.url).slice(1), Buffer.from(before === 0 ? "contender 0" : "the next"));
      response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
      return true;
    },
  });
  onTestFinished(() => store.close());
  const bucket = openBucket(store.connection, testBucket);
  onTestFinished(() => bucket.close());
  await expect(testLock(bucket, "")).rejects.toMatchObject({
    kind: "undetermined",
    code: "lock-test-repeated",
  });
  expect(store.objects.size).toBe(0);
});

test("a store that refuses the keys is not one that does not exclude", async () => {
  const store = await startStore({
    intercept: (_request, response) => {
      response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
      return true;
    },
  });
  onTestFinished(() => store.close());
  await expect(testLock(openBucket(store.connection, testBucket), "")).rejects.toMatchObject({
    code: "s3-denied",
  });
});
