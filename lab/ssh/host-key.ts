import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { HostKey } from "../world.ts";

// RFC 8410: the fixed head of a PKCS#8 ed25519 private key; the 32 bytes of the seed follow.
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

/** The ed25519 key of a 32-byte seed, both halves in OpenSSH's format; the same seed gives the same key. */
export function hostKeyFromSeed(seed: Buffer): HostKey {
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
  const point = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  const publicBlob = Buffer.concat([text("ssh-ed25519"), text(point)]);
  return {
    publicKey: `ssh-ed25519 ${publicBlob.toString("base64")}`,
    privateKey: armour(container(publicBlob, point, seed)),
  };
}

/** The key a machine shows instead of `key` while its host key is reported changed; always the same one. */
export function changedHostKey(key: HostKey): HostKey {
  return hostKeyFromSeed(createHash("sha256").update(`changed ${key.publicKey}`).digest());
}

// OpenSSH, PROTOCOL.key: unencrypted, one key, padded with 1, 2, 3… to eight bytes.
function container(publicBlob: Buffer, point: Buffer, seed: Buffer): Buffer {
  const check = createHash("sha256").update(publicBlob).digest().subarray(0, 4);
  const head = Buffer.concat([check, check, publicBlob, text(Buffer.concat([seed, point])), text("")]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, (8 - (head.length % 8)) % 8);
  return Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    number(1),
    text(publicBlob),
    text(Buffer.concat([head, padding])),
  ]);
}

function armour(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
