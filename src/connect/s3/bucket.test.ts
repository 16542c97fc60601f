import { expect, onTestFinished, test } from "vitest";
import { Secret } from "../../model/secret.ts";
import { fakeClock } from "../clock.test-helper.ts";
import { openBucket } from "./bucket.ts";
import { type StoreSettings, startStore, type TestStore, testBucket } from "./server.test-helper.ts";
import type { S3Bucket, S3Connection } from "./types.ts";

async function store(settings: StoreSettings = {}): Promise<TestStore> {
  const started = await startStore(settings);
  onTestFinished(() => started.close());
  return started;
}

function open(connection: S3Connection, name = testBucket): S3Bucket {
  const bucket = openBucket(connection, name, { clock: fakeClock() });
  onTestFinished(() => bucket.close());
  return bucket;
}

test("an object is written, read and removed", async () => {
  const { connection, objects } = await store();
  const bucket = open(connection);
  expect(await bucket.get("prod/terraform.tfstate")).toBeUndefined();
  const etag = await bucket.put("prod/terraform.tfstate", "häuser");
  expect(await bucket.get("prod/terraform.tfstate")).toEqual({ content: Buffer.from("häuser"), etag });
  expect(objects.has("states/prod/terraform.tfstate")).toBe(true);
  await bucket.remove("prod/terraform.tfstate");
  await bucket.remove("prod/terraform.tfstate");
  expect(await bucket.get("prod/terraform.tfstate")).toBeUndefined();
});

test("characters that mean something in an address are part of the key", async () => {
  const { connection, objects } = await store();
  await open(connection).put("a b+c?d/é'%2F", "x");
  expect([...objects.keys()]).toEqual(["states/a b+c?d/é'%2F"]);
});

test("a put on a condition that does not hold changes nothing", async () => {
  const { connection, objects } = await store();
  const bucket = open(connection);
  const etag = await bucket.put("key", "one", "absent");
  await expect(bucket.put("key", "two", "absent")).rejects.toMatchObject({ code: "s3-precondition" });
  await bucket.put("key", "three", { etag });
  await expect(bucket.put("key", "four", { etag })).rejects.toMatchObject({ code: "s3-precondition" });
  await expect(bucket.put("none", "five", { etag })).rejects.toMatchObject({ code: "s3-precondition" });
  expect([...objects.values()].map(String)).toEqual(["three"]);
});

test.each([
  ["Enabled", "enabled"],
  ["Suspended", "suspended"],
  ["", "off"],
] as const)("versioning %s", async (said, versioning) => {
  const { connection } = await store({ versioning: said });
  expect(await open(connection).versioning()).toBe(versioning);
});

test("versions below a prefix", async () => {
  const { connection } = await store();
  const bucket = open(connection);
  await bucket.put("a/1", "x");
  await bucket.put("b/1", "x");
  expect((await bucket.versions("a/")).map(({ key }) => key)).toEqual(["a/1"]);
});

test("a server of its own authority is trusted by its CA file, and not without", async () => {
  const { connection } = await store({ secure: true });
  expect(await open(connection).versioning()).toBe("enabled");
  const { caFile: _, ...untrusted } = connection;
  await expect(open(untrusted).versioning()).rejects.toMatchObject({ code: "s3-tls" });
  expect(() => open({ ...connection, caFile: "/nowhere/ca.pem" })).toThrow(
    expect.objectContaining({ code: "s3-ca-file", kind: "configuration" }),
  );
});

test("what goes wrong has a name, and no secret in its words", async () => {
  const { connection } = await store();
  const failure = (change: Partial<S3Connection>, name?: string) =>
    open({ ...connection, ...change }, name)
      .versioning()
      .catch((error: unknown) => error);
  const wrongKey = { accessKey: new Secret("someone-else"), secretKey: new Secret("very-secret") };
  const denied = await failure(wrongKey);
  expect(denied).toMatchObject({
    kind: "undetermined",
    code: "s3-denied",
    message: expect.stringContaining("refused & told"),
  });
  expect(JSON.stringify(denied) + String(denied)).not.toMatch(/very-secret|someone-else/);
  expect(await failure({}, "other")).toMatchObject({ code: "s3-no-bucket" });
  expect(await failure({ endpoint: "http://127.0.0.1:1" })).toMatchObject({ code: "s3-unreachable" });
  expect(await failure({ endpoint: connection.endpoint.replace("http:", "https:") })).toMatchObject({
    code: "s3-tls",
  });
  expect(() => open({ ...connection, endpoint: "store:9000" })).toThrow(
    expect.objectContaining({ code: "s3-endpoint", kind: "configuration" }),
  );
});

test.each([
  ["a web page", 200, "<html>MinIO Console</html>", "s3-reply"],
  ["a page that is not there", 404, "<html>404</html>", "s3-reply"],
  ["an unfinished feature", 501, "<Error><Code>NotImplemented</Code></Error>", "s3-unsupported"],
  ["another time", 403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", "s3-clock"],
  ["a store in trouble", 503, "<Error><Code>SlowDown</Code></Error>", "s3-error"],
])("%s", async (_, status, body, code) => {
  const { connection } = await store({
    intercept: (_request, response) => {
      response.writeHead(status).end(body);
      return true;
    },
  });
  await expect(open(connection).versioning()).rejects.toMatchObject({ code });
});

test("a redirect is reported with its target, and not followed", async () => {
  const { connection, seen } = await store({
    intercept: (_request, response) => {
      response.writeHead(301, { Location: "/login" }).end();
      return true;
    },
  });
  await expect(open(connection).versioning()).rejects.toMatchObject({
    code: "s3-reply",
    message: expect.stringMatching(/points to http:.*\/login$/),
  });
  expect(seen).toHaveLength(1);
});

test("a read is tried again where the failure may pass, a write is not", async () => {
  let failures = 1;
  const { connection, seen } = await store({
    intercept: (_request, response) => {
      if (failures === 0) return false;
      failures -= 1;
      response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
      return true;
    },
  });
  expect(await open(connection).get("key")).toBeUndefined();
  failures = 1;
  await expect(open(connection).put("key", "x", "absent")).rejects.toMatchObject({ code: "s3-error" });
  expect(seen).toHaveLength(3);
});

test("a store that does not answer", async () => {
  const { connection } = await store({ intercept: () => true });
  await expect(open({ ...connection, timeoutMs: 50 }).get("key")).rejects.toMatchObject({
    code: "s3-timeout",
    message: expect.stringContaining("/states/key"),
  });
});
