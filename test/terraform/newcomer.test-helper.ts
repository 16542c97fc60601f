import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabEnvironments } from "../drift/lab-environments.ts";

// What a newcomer does with a terraform.tfvars.example, on a Proxmox as its installer leaves it.

/** What the installer of Proxmox VE 9 allows on the storage `local` (`content` in its storage.cfg). */
export const contentAsInstalled = "iso,vztmpl,backup";

/**
 * Makes the lab a Proxmox as its installer leaves it: no template, no cloud image, no container template, and content
 * types as installed. Then allows on `local` what the example's head says to allow.
 */
export async function freshProxmox(lab: LabEnvironments, name: string): Promise<void> {
  const { world } = lab;
  for (const vmid of Object.keys(world.guests)) delete world.guests[Number(vmid)];
  for (const storage of Object.values(world.storages)) storage.volumes = {};
  const local = world.storages.local;
  if (local === undefined) throw new Error("the lab has no storage local");
  local.content =
    /^#\s+pvesm set local --content (\S+)$/m.exec(await example(lab, name))?.[1] ?? contentAsInstalled;
}

/**
 * Writes `terraform.tfvars` as a newcomer does: the example, with addresses changed and nothing else. The lab's guests
 * answer at 127.10.0.0/24, its node at 127.0.0.1 with a port of its own.
 * @throws Error where the example has none of the addresses.
 */
export async function declareExample(lab: LabEnvironments, name: string): Promise<void> {
  const port = Object.values(lab.world.nodes)[0]?.ssh.port;
  let text = await example(lab, name);
  for (const [from, to] of [
    ['address = "192.168.1.50", port = 22', `address = "127.0.0.1", port = ${port}`],
    ["192.168.1.", "127.10.0."],
  ] as const) {
    if (!text.includes(from)) throw new Error(`the example of ${name} does not contain ${from}`);
    text = text.replaceAll(from, to);
  }
  await writeFile(join(lab.directory(name), "terraform.tfvars"), text);
}

const example = (lab: LabEnvironments, name: string) =>
  readFile(join(lab.directory(name), "terraform.tfvars.example"), "utf8");
