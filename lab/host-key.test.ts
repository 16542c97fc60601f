import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { generateHostKey } from "./host-key.ts";

test("both halves are read by an SSH implementation and belong together", () => {
  const key = generateHostKey();
  const parsed = ssh2.utils.parseKey(key.privateKey);
  if (parsed instanceof Error) throw parsed;
  expect(parsed.type).toBe("ssh-ed25519");
  expect(`ssh-ed25519 ${parsed.getPublicSSH().toString("base64")}`).toBe(key.publicKey);
});

test("every key is another", () => {
  expect(generateHostKey().publicKey).not.toBe(generateHostKey().publicKey);
});
