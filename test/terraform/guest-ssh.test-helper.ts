import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { runChild } from "../../tools/programs/child.ts";
import type { LabEnvironments } from "../drift/lab-environments.ts";
import { callApi } from "./live.test-helper.ts";

/** Exit code of `ssh ubuntu@ADDRESS true` with a private key, where the guest is the one whose host key is known. */
export async function logIn(
  lab: LabEnvironments,
  vmid: number,
  address: string,
  key: string,
): Promise<number | null> {
  const file = (name: string) => join(dirname(lab.directory("prod")), `${vmid}-${name}`);
  const port = await sshPort(lab);
  await writeFile(file("key"), key, { mode: 0o600 });
  await writeFile(
    file("hosts"),
    `[${address}]:${port} ${lab.world.guests[vmid]?.inside.hostKey.publicKey}\n`,
  );
  const options = ["-F", "none", "-i", file("key"), "-p", port, "-l", "ubuntu", "-o", "BatchMode=yes"];
  const strict = ["-o", "IdentitiesOnly=yes", "-o", `UserKnownHostsFile=${file("hosts")}`];
  return (await runChild("ssh", [...options, ...strict, address, "true"], { env: lab.env })).code;
}

/** Turns a VM off and on, as in the web interface; its host key, as a client sees it afterwards. */
export async function hostKeyAfterColdBoot(
  lab: LabEnvironments,
  vmid: number,
  address: string,
): Promise<string> {
  for (const action of ["stop", "start"]) {
    const { data: upid } = await callApi(lab, "POST", `nodes/pve1/qemu/${vmid}/status/${action}`);
    const task = `nodes/pve1/tasks/${encodeURIComponent(String(upid))}/status`;
    const status = async () => (await callApi(lab, "GET", task)).data;
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ exitstatus: "OK" });
  }
  const options = ["-T", "2", "-t", "ed25519", "-p", await sshPort(lab), address];
  const scan = async () => (await runChild("ssh-keyscan", options, { env: lab.env })).stdout;
  await expect.poll(scan, { timeout: 10_000 }).toContain("ssh-ed25519");
  return (await scan()).replace(/^#.*\n/gm, "").trim();
}

async function sshPort({ control }: LabEnvironments): Promise<string> {
  return String((await control.inventory("prod")).guests[0]?.ssh_port);
}
