import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Secret } from "../model/secret.ts";
import { loadConfiguration } from "./configuration.ts";
import { providerSsh } from "./provider-ssh.ts";

const folder = mkdtempSync(join(tmpdir(), "provider-ssh-"));
writeFileSync(join(folder, "pve-home.yaml"), "ssh: { identity_file: key }\n");

function makeKey(passphrase: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", join(folder, "key")], {
    input: "y\n",
  });
}

const revealed = (environment: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(providerSsh(loadConfiguration(folder), environment)).map(([name, value]) => [
      name,
      value instanceof Secret ? `secret ${value.reveal().slice(0, 14)}` : value,
    ]),
  );

test("the key of ssh.identity_file, unless the provider's own variables say how, or it has a passphrase", () => {
  expect(revealed({})).toEqual({});
  makeKey("");
  expect(revealed({ PROXMOX_VE_SSH_USERNAME: "terraform", HOME: "/x" })).toEqual({
    PROXMOX_VE_SSH_USERNAME: "terraform",
    PROXMOX_VE_SSH_PRIVATE_KEY: "secret -----BEGIN OPE",
  });
  expect(revealed({ PROXMOX_VE_SSH_AGENT: "true" })).toEqual({ PROXMOX_VE_SSH_AGENT: "true" });
  expect(revealed({ PROXMOX_VE_SSH_PASSWORD: "pw" })).toEqual({ PROXMOX_VE_SSH_PASSWORD: "secret pw" });
  makeKey("correct horse");
  expect(revealed({})).toEqual({});
});
