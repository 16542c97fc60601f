import type { AuthContext, PublicKeyAuthContext } from "ssh2";
import ssh2 from "ssh2";
import { homeOf, type Machine } from "./machine.ts";

/** Decides one attempt to log in: a key from the user's authorized_keys; on nodes also the PAM password. */
export function authenticate(machine: Machine | undefined, attempt: AuthContext): void {
  const methods: ("publickey" | "password")[] =
    machine?.kind === "node" ? ["publickey", "password"] : ["publickey"];
  if (machine !== undefined && isAllowed(machine, attempt)) attempt.accept();
  else attempt.reject(methods);
}

function isAllowed(machine: Machine, attempt: AuthContext): boolean {
  if (attempt.method === "publickey") return keyIsAllowed(machine, attempt);
  if (attempt.method !== "password" || machine.kind !== "node") return false;
  const user = machine.context.world.users[`${attempt.username}@pam`];
  return user !== undefined && user.password !== "" && user.password === attempt.password;
}

function keyIsAllowed(machine: Machine, attempt: PublicKeyAuthContext): boolean {
  const key = authorizedKeys(machine, attempt.username).find((known) =>
    known.getPublicSSH().equals(attempt.key.data),
  );
  if (key === undefined) return false;
  // Without a signature the client only asks whether the key would do.
  if (attempt.signature === undefined || attempt.blob === undefined) return true;
  const rsa = key.type === "ssh-rsa";
  // OpenSSH has refused RSA with SHA-1 since 8.8.
  if (rsa && attempt.hashAlgo !== "sha256" && attempt.hashAlgo !== "sha512") return false;
  return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}

function authorizedKeys(machine: Machine, user: string) {
  const path = `${homeOf(user)}/.ssh/authorized_keys`;
  if (!/^[a-z_][a-z0-9_-]*$/i.test(user) || machine.files.stat(path)?.type !== "file") return [];
  return machine.files
    .read(path)
    .toString()
    .split("\n")
    .flatMap((line) => {
      // Options may stand before the key's type.
      const found = /(?:^|\s)((?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d+)\s+[A-Za-z0-9+/=]+)/.exec(line);
      if (line.trim().startsWith("#") || found?.[1] === undefined) return [];
      const key = ssh2.utils.parseKey(found[1]);
      return key instanceof Error ? [] : [key];
    });
}
