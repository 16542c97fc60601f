import { randomBytes } from "node:crypto";
import { hostKeyFromSeed } from "./ssh/host-key.ts";
import type { HostKey } from "./world.ts";

/** A new random ed25519 SSH host key, both halves in OpenSSH's own formats. */
export function generateHostKey(): HostKey {
  return hostKeyFromSeed(randomBytes(32));
}
