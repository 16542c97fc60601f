import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { planDocumentSchema } from "../../src/report/json-schema.ts";
import { editFile } from "../drift/lab-environments.ts";
import { everythingIn } from "../e2e/cli.test-helper.ts";
import { type ApplyDesk, openApplyDesk } from "./apply-desk.ts";

// plan and apply as a user types them, with the real provider: what is forecast is what the lab then sees happen.

const declared = `
vms = {
  web = { vm_id = 201, ipv4 = "127.10.0.20/8", memory_mb = 2048, disk_size_gb = 8, agent_timeout = "2s" }
}
containers = {
  dns = { vm_id = 203, ipv4 = "127.10.0.22/8", memory_mb = 512, disk_size_gb = 8 }
}
`;
const planted = "correct-horse-battery-staple";

let desk: ApplyDesk;
let restore: () => Promise<void>;

const folder = (name: string) => desk.lab.directory(name);
const edit = (from: string, to: string) => editFile(join(folder("prod"), "terraform.tfvars"), from, to);
const editModule = (name: string, from: string, to: string) =>
  editFile(join(folder("prod"), "../../modules", name, "main.tf"), from, to);

beforeAll(async () => {
  desk = await openApplyDesk();
  await desk.lab.declare("prod", declared);
  await desk.lab.declare(
    "lab",
    'vms = { sandbox = { vm_id = 301, ipv4 = "127.10.0.30/8", agent_timeout = "2s" } }\n',
  );
  writeFileSync(
    join(folder("lab"), "after.tf"),
    'resource "terraform_data" "after" { depends_on = [module.vms] }\n',
  );
  const { exitCode, stdout, stderr } = await desk.pveHome("apply", "--env", "prod", "--yes");
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^prod: \d+ created, 0 changed, 0 destroyed in /m);
  expect(stdout).toContain("next: pve-home hosts trust --env prod");
  expect(stderr).toMatch(/^prod: created vm web in /m);
  restore = await desk.lab.snapshot("prod", "lab");
});

beforeEach(() => restore());
afterAll(() => desk?.close());

async function plan(environment = "prod") {
  const { stdout, exitCode, stderr } = await desk.pveHome("plan", "--env", environment, "--json");
  expect(exitCode, stderr).toBe(0);
  const [planned] = planDocumentSchema.parse(JSON.parse(stdout)).environments;
  if (planned === undefined) throw new Error("nothing was planned");
  return planned;
}

/** The effect that calls of the API add up to. */
function effectOf(calls: readonly string[] = []): string {
  if (calls.includes("delete")) return "replaced";
  if (calls.includes("reboot")) return "reboot";
  const off = calls.includes("shutdown") || calls.includes("stop");
  if (off) return calls.includes("start") ? "stop-start" : "stopped";
  return calls.length === 0 ? "none" : calls.join();
}

/** What was forecast, having seen the same happen when it was applied, and a plan without changes after that. */
async function forecastAndSeen(): Promise<Record<string, string>> {
  const { forecast } = await plan();
  const effect = (vmid: number) => forecast.find((guest) => guest.vmid === vmid)?.effect ?? "none";
  const expected = { web: effect(201), dns: effect(203) };
  await desk.lab.control.clearRequests();
  const { exitCode, stderr } = await desk.pveHome("apply", "--env", "prod", "--yes", "--allow-restart");
  expect(exitCode, stderr).toBe(0);
  const seen = await desk.powerCalls(201, 203);
  expect({ web: effectOf(seen[201]), dns: effectOf(seen[203]) }).toEqual(expected);
  expect(await plan()).toMatchObject({ status: "none", forecast: [] });
  return expected;
}

describe("what is forecast happens", () => {
  test("memory", async () => {
    await edit("memory_mb = 2048", "memory_mb = 3072");
    await edit("memory_mb = 512", "memory_mb = 768");
    expect(await forecastAndSeen()).toEqual({ web: "stop-start", dns: "reboot" });
  });

  test("cores", async () => {
    await edit("memory_mb = 2048", "memory_mb = 2048, cpu_cores = 4");
    await edit("memory_mb = 512", "memory_mb = 512, cpu_cores = 2");
    expect(await forecastAndSeen()).toEqual({ web: "stop-start", dns: "none" });
  });

  test("description, tags, a larger disk", async () => {
    await edit("disk_size_gb = 8", 'disk_size_gb = 10, description = "mine", tags = ["a", "b"]');
    await edit("memory_mb = 512", 'memory_mb = 512, description = "mine", tags = ["a"]');
    expect(await forecastAndSeen()).toEqual({ web: "none", dns: "none" });
  });

  test("another bridge", async () => {
    await edit("memory_mb = 2048", 'memory_mb = 2048, bridge = "vmbr1"');
    await edit("memory_mb = 512", 'memory_mb = 512, bridge = "vmbr1"');
    expect(await forecastAndSeen()).toEqual({ web: "none", dns: "reboot" });
  });

  test("the agent's time limit, and a guest that was stopped by hand", async () => {
    await edit('agent_timeout = "2s"', 'agent_timeout = "3s"');
    await desk.lab.control.stop("dns");
    const { forecast } = await plan();
    expect(forecast).toMatchObject([{ guest: "web", effect: "stop-start", causes: ["agent[0].timeout"] }]);
  });

  test("stopped", async () => {
    const started = { vm: "started         = true", lxc: "started       = true" };
    await editModule("vm", started.vm, "started = false");
    await editModule("lxc", started.lxc, "started = false");
    try {
      expect(await forecastAndSeen()).toEqual({ web: "stopped", dns: "stopped" });
    } finally {
      await editModule("vm", "started = false", started.vm);
      await editModule("lxc", "started = false", started.lxc);
    }
  });

  test("made anew: another template, another number", async () => {
    const template = desk.lab.world.guests["9000"];
    if (template === undefined) throw new Error("the lab has no template");
    desk.lab.world.guests["9001"] = { ...structuredClone(template), vmid: 9001 };
    await edit("memory_mb = 2048", "memory_mb = 2048, template_vmid = 9001");
    await edit("vm_id = 203", "vm_id = 204");
    expect(await forecastAndSeen()).toEqual({ web: "replaced", dns: "replaced" });
  });
});

test("a disk that is to shrink: applying fails, as forecast, and nobody is away", async () => {
  await edit("memory_mb = 512, disk_size_gb = 8", "memory_mb = 512, disk_size_gb = 4");
  expect((await plan()).forecast).toMatchObject([{ guest: "dns", effect: "refused", away: false }]);
  await desk.lab.control.clearRequests();
  const { exitCode, stderr } = await desk.pveHome("apply", "--env", "prod", "--yes");
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toMatch(/disk size .*not finished: module\.containers\["dns"\]/);
  expect(await desk.powerCalls(203)).toEqual({ 203: [] });
});

describe("nobody is surprised", () => {
  test("without a terminal and without --yes nothing is changed", async () => {
    await edit("memory_mb = 2048", 'memory_mb = 2048, description = "mine"');
    const { exitCode, stderr, stdout } = await desk.pveHome("apply", "--env", "prod");
    expect(exitCode, stderr).toBe(4);
    expect(stdout).toContain("no guest is stopped, restarted or replaced");
    expect(stderr).toContain("--yes");
    expect((await plan()).status).toBe("changes");
  });

  test("--yes alone does not allow a restart, and names who would be away", async () => {
    await edit("memory_mb = 2048", "memory_mb = 3072");
    await desk.lab.control.clearRequests();
    const { exitCode, stderr } = await desk.pveHome("apply", "--env", "prod", "--yes");
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toContain("vm web (201) would be stopped and started");
    expect(stderr).toContain("--allow-restart");
    expect(await desk.powerCalls(201)).toEqual({ 201: [] });
  });

  test("--dry-run shows the plan and changes nothing", async () => {
    await edit("memory_mb = 2048", "memory_mb = 3072");
    const { exitCode, stdout } = await desk.pveHome("apply", "--env", "prod", "--dry-run", "--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("memory[0].dedicated: 2048 → 3072");
    expect((await plan()).status).toBe("changes");
  });

  test("somebody else's lock is named", async () => {
    await edit("memory_mb = 2048", "memory_mb = 3072");
    writeFileSync(
      join(folder("prod"), ".terraform.tfstate.lock.info"),
      JSON.stringify({
        ID: "4f1",
        Operation: "OperationTypeApply",
        Who: "anna@laptop",
        Created: "2026-03-01T04:00:00Z",
      }),
    );
    for (const command of [["plan"], ["apply", "--yes"]]) {
      const { exitCode, stdout, stderr } = await desk.pveHome(
        ...command,
        "--env",
        "prod",
        "--lock-timeout",
        "0",
      );
      expect(`${stdout}${stderr}`.replace(/\s+/g, " ")).toContain(
        "the state is locked by anna@laptop since 2026-03-01T04:00:00Z",
      );
      expect(exitCode).toBe(3);
    }
  });

  test("a token that may only read is refused by Proxmox, and what was done is told", async () => {
    await edit("memory_mb = 512", 'memory_mb = 512, description = "mine"');
    desk.desk.write("apply-token", desk.lab.monitorToken);
    const { exitCode, stderr } = await desk.pveHome("apply", "--env", "prod", "--yes");
    desk.desk.write("apply-token", desk.lab.token);
    expect(exitCode, stderr).toBe(3);
    expect(stderr).toContain("until then 0 created, 0 changed, 0 destroyed");
    expect(stderr).toContain("pve-home plan --env prod");
  });
});

describe("Ctrl-C", () => {
  const apply = ["apply", "--env", "lab", "--yes"];

  test("once: what is under way is finished, the state has it, the rest is left", async () => {
    const { exitCode, stderr } = await desk.interrupted(apply, 1);
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toContain("what is under way is finished first");
    expect(stderr).toMatch(
      /the state has all that was done \(until then [12] created, 0 changed, 0 destroyed/,
    );
    const left = (await plan("lab")).resources.map(({ address }) => address);
    expect(left).toContain("terraform_data.after");
    expect(left.join()).not.toContain("_vm.");
  });

  test("twice: it ends, and what may be in between is named", async () => {
    const { exitCode, stderr } = await desk.interrupted(apply, 2);
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toMatch(/ended in the middle.*not finished: module\.vms\["sandbox"\]/);
  });
});

test("a planted secret is in nothing that was printed or written, and no private copy is left", async () => {
  writeFileSync(
    join(folder("prod"), "secret.tf"),
    `variable "planted" {
  type      = string
  sensitive = true
}
resource "terraform_data" "keeper" { input = var.planted }
resource "proxmox_virtual_environment_vm" "secretive" {
  name        = "secretive"
  node_name   = "pve1"
  vm_id       = 210
  started     = false
  description = var.planted
}
`,
  );
  writeFileSync(join(folder("prod"), "secret.auto.tfvars"), `planted = "${planted}-1"\n`);
  expect((await desk.pveHome("apply", "--env", "prod", "--yes", "--verbose")).exitCode).toBe(0);
  writeFileSync(join(folder("prod"), "secret.auto.tfvars"), `planted = "${planted}-2"\n`);
  const { stdout } = await desk.pveHome("plan", "--env", "prod");
  expect(stdout).toContain("description: (sensitive) → (sensitive)");
  await plan();
  const { exitCode } = await desk.pveHome("apply", "--env", "prod", "--yes", "--allow-restart");
  expect(exitCode).toBe(0);
  const everything = everythingIn(desk.desk.folder, ...desk.printed);
  expect(everything).not.toContain(planted);
  expect(desk.printed.join("\n")).not.toContain(desk.lab.token.split("=")[1]);
  expect(readdirSync(desk.desk.path("tmp")).filter((name) => name.startsWith("pve-home"))).toEqual([]);
});

test("a folder that was never initialised has its lock file and its providers afterwards", () => {
  expect(existsSync(join(folder("prod"), ".terraform.lock.hcl"))).toBe(true);
  expect(existsSync(join(folder("prod"), ".terraform/providers"))).toBe(true);
});
