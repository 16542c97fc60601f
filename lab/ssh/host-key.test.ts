import { randomBytes } from "node:crypto";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { changedHostKey, hostKeyFromSeed } from "./host-key.ts";

test("both halves belong together, and the same seed gives the same key", () => {
  const seed = randomBytes(32);
  const key = hostKeyFromSeed(seed);
  const secret = ssh2.utils.parseKey(key.privateKey);
  if (secret instanceof Error) throw secret;
  expect(`ssh-ed25519 ${secret.getPublicSSH().toString("base64")}`).toBe(key.publicKey);
  expect(secret.verify("text", secret.sign("text"))).toBe(true);
  expect(hostKeyFromSeed(seed)).toEqual(key);
});

test("the changed key is another one, always the same", () => {
  const key = hostKeyFromSeed(randomBytes(32));
  expect(changedHostKey(key).publicKey).not.toBe(key.publicKey);
  expect(changedHostKey(key)).toEqual(changedHostKey(key));
});
