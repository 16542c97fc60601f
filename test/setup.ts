import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Every test file has a HOME of its own and sees nothing of the developer's: no ssh agent, no Proxmox
// credentials, no Terraform or pve-home settings. Children inherit that.
for (const name of Object.keys(process.env)) {
  if (/^(TF_|PROXMOX_VE_|AWS_|XDG_|SSH_|GIT_)/.test(name)) delete process.env[name];
  if (/^PVE_HOME_/.test(name) && name !== "PVE_HOME_CACHE") delete process.env[name];
}
for (const name of ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"]) delete process.env[name];
process.env.HOME = mkdtempSync(join(tmpdir(), "home-"));
