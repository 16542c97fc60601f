import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { controlClient } from "../../lab/control-client.ts";
import { type RunningLab, startLab } from "../../lab/lab.ts";
import type { World } from "../../lab/world.ts";
import { runChild } from "../../tools/programs/child.ts";
import {
  findTool,
  resolveProviders,
  resolveTool,
  type Tool,
  toolEnvironment,
} from "../../tools/programs/index.ts";

// The judge of the lab: the real bpg provider, unmodified, with TLS verified against the lab's certificate.

const fixture = join(import.meta.dirname, "fixtures", "provider");
let folder: string;
let cliConfig: string;
const labs: RunningLab[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pve-home-judge-"));
  ({ cliConfig } = await resolveProviders(["bpg/proxmox"]));
});

afterAll(async () => {
  for (const lab of labs) await lab.close();
  await rm(folder, { recursive: true, force: true });
});

/** A lab, and a copy of the fixture initialised for one tool; `run` gives exit code and output. */
async function workspace(tool: Tool, taskSeconds: number) {
  const lab = await startLab({ sshPort: 0, taskSeconds });
  labs.push(lab);
  const copy = join(folder, tool.kind);
  await cp(fixture, copy, { recursive: true });
  const [node] = lab.facts.ssh.nodes;
  const ssh = {
    address: node?.address,
    port: node?.port,
    username: "root",
    password: lab.facts.root.password,
  };
  const env = {
    ...toolEnvironment(cliConfig, folder),
    PROXMOX_VE_ENDPOINT: lab.facts.endpoint,
    PROXMOX_VE_API_TOKEN: lab.facts.tokens.terraform,
    SSL_CERT_FILE: lab.facts.caFile,
    TF_VAR_snippets_ssh: JSON.stringify(ssh),
  };
  const run = (...args: string[]) =>
    runChild(tool.path, [...args, "-no-color"], { cwd: copy, env, timeoutMs: 150_000 });
  const must = async (...args: string[]) => {
    const result = await run(...args);
    expect(result.code, result.output).toBe(0);
    return result.output;
  };
  const nothingToDo = async () => {
    const result = await run("plan", "-detailed-exitcode");
    expect(result.code, result.output).toBe(0);
  };
  await must("init");
  return { world: lab.world, control: controlClient(lab.facts), run, must, nothingToDo };
}

/** What is left of the fixture on the lab: guests, their disks, jobs, groups, pools. */
function leftovers(world: World): unknown {
  return {
    guests: Object.keys(world.guests),
    disks: Object.keys(world.storages["local-lvm"]?.volumes ?? {}),
    jobs: Object.keys(world.backupJobs),
    groups: Object.keys(world.firewall.groups),
    pools: Object.keys(world.pools),
  };
}

const nothingLeft = {
  guests: ["9000"],
  disks: ["local-lvm:base-9000-disk-0", "local-lvm:vm-9000-cloudinit"],
  jobs: [],
  groups: [],
  pools: [],
};

// Both at once, each with a lab of its own: one whose tasks the provider waits for, one where they end before it asks.
test.concurrent("OpenTofu: apply, three plans without a change, destroy, apply again, changes by hand seen", async () => {
  const { world, control, must, nothingToDo, run } = await workspace(await resolveTool("tofu"), 0.1);
  await must("apply", "-auto-approve");
  for (let round = 1; round <= 3; round += 1) await nothingToDo();
  await must("destroy", "-auto-approve");
  expect(leftovers(world)).toEqual(nothingLeft);

  await must("apply", "-auto-approve");
  await control.config("judge-vm", { memory: 8192 });
  await control.delete("judge-image");
  const changed = await run("plan", "-detailed-exitcode");
  expect(changed.code, changed.output).toBe(2);
  expect(changed.output).toMatch(/dedicated\s+= 8192 -> 4096/);
  expect(changed.output).toContain("proxmox_virtual_environment_vm.image will be created");
  expect(changed.output).toContain("Plan: 1 to add, 1 to change, 0 to destroy");
  // What was put back by hand is nothing to do any more.
  await control.config("judge-vm", { memory: 4096 });
  const mended = await must("apply", "-auto-approve");
  expect(mended).toContain("Resources: 1 added, 0 changed, 0 destroyed");
  await nothingToDo();
});

test.concurrent("Terraform: apply, a plan without a change, destroy", async (context) => {
  const tool = await findTool("terraform");
  if (!tool && process.env.CI) throw new Error("Terraform 1.10 or newer is not on PATH");
  if (!tool) return context.skip("Terraform 1.10 or newer is not on PATH: only OpenTofu was tried");
  const { world, must, nothingToDo } = await workspace(tool, 0);
  await must("apply", "-auto-approve");
  await nothingToDo();
  await must("destroy", "-auto-approve");
  expect(leftovers(world)).toEqual(nothingLeft);
});
