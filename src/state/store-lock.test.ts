import { hostname, userInfo } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { thisProcess } from "../connect/running-process.ts";
import type { S3Bucket } from "../connect/s3/types.ts";
import { withStoreLock } from "./store-lock.ts";
import { makeSubject } from "./subject.test-helper.ts";

const opened: typeof makeSubject = async (...given) => {
  const made = await makeSubject(...given);
  onTestFinished(made.close);
  return made;
};

const key = "home/prod/terraform.tfstate";
const lockName = `states/${key}.tflock`;
const who = `${userInfo().username}@${hostname()}`;

test("held while the work is done, as the tools hold it, and given back", async () => {
  const { subject, store } = await opened();
  const note = await withStoreLock(
    subject.bucket,
    key,
    () => undefined,
    async () => JSON.parse(String(store.objects.get(lockName))),
  );
  expect(note).toMatchObject({
    ID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    Who: who,
    Created: expect.stringMatching(/Z$/),
    Path: `states/${key}`,
  });
  expect(store.objects.size).toBe(0);
});

test("also given back where the work fails", async () => {
  const { subject, store } = await opened();
  const work = () => Promise.reject(new Error("no"));
  await expect(withStoreLock(subject.bucket, key, () => undefined, work)).rejects.toThrow("no");
  expect(store.objects.size).toBe(0);
});

test("the lock of another run is reported, and left alone", async () => {
  const { subject, store } = await opened();
  const note = JSON.stringify({
    ID: "theirs",
    Operation: "OperationTypeApply",
    Info: "",
    Who: "ann@laptop",
    Created: "2026-11-20T10:00:00Z",
  });
  store.objects.set(lockName, Buffer.from(note));
  await expect(
    withStoreLock(
      subject.bucket,
      key,
      () => undefined,
      async () => 1,
    ),
  ).rejects.toMatchObject({
    kind: "undetermined",
    code: "state-locked",
    message: expect.stringMatching(/ann@laptop since 2026-11-20T10:00:00Z/),
  });
  expect(String(store.objects.get(lockName))).toBe(note);
});

const note = (holder: object) =>
  JSON.stringify({
    ID: "old",
    Operation: "pve-home state migrate",
    Info: JSON.stringify({ ...thisProcess(), ...holder }),
    Who: who,
    Created: "x",
  });
const ended = { pid: 2 ** 30 };
const lockWith = (bucket: S3Bucket, work = async () => 1) =>
  withStoreLock(bucket, key, () => undefined, work);

test.each([
  ["that has ended is taken over", ended, undefined],
  ["whose number another process has now is taken over", { started: "0" }, undefined],
  ["that still runs is respected", {}, "state-locked"],
  ["of another machine is respected", { ...ended, host: "elsewhere", boot: "another" }, "state-locked"],
])("the lock of a process of ours %s", async (_, holder, code) => {
  const { subject, store } = await opened();
  store.objects.set(lockName, Buffer.from(note(holder)));
  const result = lockWith(subject.bucket);
  if (code === undefined) await expect(result).resolves.toBe(1);
  else await expect(result).rejects.toMatchObject({ code });
});

test.each([
  ["another run has taken it meanwhile", note({}), "is locked by"],
  ["it is gone meanwhile", undefined, "was released at this moment"],
])("a lock left behind is not taken over where %s", async (_, meanwhile, words) => {
  const { subject, store } = await opened();
  store.objects.set(lockName, Buffer.from(note(ended)));
  const get: S3Bucket["get"] = async (name) => {
    const seen = await subject.bucket.get(name);
    if (meanwhile === undefined) store.objects.delete(lockName);
    else store.objects.set(lockName, Buffer.from(meanwhile));
    return seen;
  };
  await expect(lockWith({ ...subject.bucket, get })).rejects.toMatchObject({
    code: "state-locked",
    message: expect.stringContaining(words),
  });
  expect(store.objects.get(lockName)?.toString()).toBe(meanwhile);
});

test("a write whose reply is lost leaves no lock behind", async () => {
  const { subject, store } = await opened(
    {},
    {
      intercept: (request, response) => {
        if (request.method !== "PUT") return false;
        store.objects.set(lockName, Buffer.from(bodies.at(-1) ?? ""));
        response.destroy();
        return true;
      },
    },
  );
  const bodies: string[] = [];
  const put: typeof subject.bucket.put = (name, content, condition) => {
    bodies.push(String(content));
    return subject.bucket.put(name, content, condition);
  };
  const bucket = { ...subject.bucket, put };
  await expect(
    withStoreLock(
      bucket,
      key,
      () => undefined,
      async () => 1,
    ),
  ).rejects.toMatchObject({
    code: "s3-unreachable",
  });
  expect(store.objects.size).toBe(0);
});

test("a lock that cannot be given back is said, and the work counts", async () => {
  let refused = false;
  const { subject } = await opened(
    {},
    {
      intercept: (request, response) => {
        if (request.method !== "DELETE") return false;
        refused = true;
        response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
        return true;
      },
    },
  );
  const lines: string[] = [];
  await expect(
    withStoreLock(
      subject.bucket,
      key,
      (line) => lines.push(line),
      async () => 1,
    ),
  ).resolves.toBe(1);
  expect(refused).toBe(true);
  expect(lines).toEqual([expect.stringMatching(/\.tflock could not be given back/)]);
});
