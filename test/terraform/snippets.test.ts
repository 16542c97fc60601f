import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { runChild } from "../../tools/programs/child.ts";
import { type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { apply, callApi, expectNoChanges, planned, snippets } from "./live.test-helper.ts";

// An edited snippet changes no VM, and after a cold boot the guest is still the one that is known.

const userData = 'module.vms["web"].proxmox_virtual_environment_file.cloud_config[0]';
const address = "127.10.0.20";

let lab: LabEnvironments;
let restore: () => Promise<void>;

beforeAll(async () => {
  lab = await startLabEnvironments();
  await declare([]);
  await lab.run("prod", "init", "-input=false");
  await apply(lab, "prod");
  restore = await lab.snapshot("prod");
});

afterEach(() => restore());
afterAll(() => lab?.close());

const declare = (packages: string[]) =>
  lab.declare(
    "prod",
    `vms = { web = { vm_id = 201, ipv4 = "${address}/8", snippets = true, packages = ${JSON.stringify(packages)} } }\n`,
  );

/** Turns the VM off and on, as somebody would in the web page; its host key, as a client sees it afterwards. */
async function hostKeyAfterColdBoot(): Promise<string> {
  for (const action of ["stop", "start"]) {
    const { data: upid } = await callApi(lab, "POST", `nodes/pve1/qemu/201/status/${action}`);
    const task = `nodes/pve1/tasks/${encodeURIComponent(String(upid))}/status`;
    const status = async () => (await callApi(lab, "GET", task)).data;
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ exitstatus: "OK" });
  }
  const port = String((await lab.control.inventory("prod")).guests[0]?.ssh_port);
  const scan = async () =>
    (await runChild("ssh-keyscan", ["-T", "2", "-t", "ed25519", "-p", port, address], { env: lab.env }))
      .stdout;
  await expect.poll(scan, { timeout: 10_000 }).toContain("ssh-ed25519");
  return (await scan()).replace(/^#.*\n/gm, "").trim();
}

test("other packages: the snippet alone is changed, and the host key is the same after a cold boot", async () => {
  const key = await hostKeyAfterColdBoot();
  await declare(["htop"]);
  expect(await planned(lab, "prod")).toEqual([`replace ${userData}`]);
  await lab.run("prod", "apply", "-input=false", "changes.tfplan");
  expect((await snippets(lab))["prod-web-user-data.yaml"]).toMatch(/^"packages":(\n- .*)*\n- "htop"$/m);
  await expectNoChanges(lab, "prod");
  expect(await hostKeyAfterColdBoot()).toBe(key);
});

test("without the meta-data snippet, which pins the instance-id, the host key would be another", async () => {
  await lab.control.config("web", { cicustom: "user=local:snippets/prod-web-user-data.yaml" });
  const key = await hostKeyAfterColdBoot();
  expect(await hostKeyAfterColdBoot()).toBe(key);
  await declare(["curl"]);
  await lab.run("prod", "apply", "-auto-approve", "-input=false", `-target=${userData}`);
  expect(await hostKeyAfterColdBoot()).not.toBe(key);
});
