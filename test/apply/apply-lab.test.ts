import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { driftDocumentSchema, planDocumentSchema } from "../../src/report/json-schema.ts";
import { everythingIn } from "../e2e/cli.test-helper.ts";
import { type ApplyDesk, openApplyDesk } from "./apply-desk.ts";
import { changedGuests, changedGuestsDeclared, declared } from "./changed-guests.ts";

// plan and apply as a user types them, with the real provider: what is forecast is what the lab then sees happen. Each
// run of Terraform costs seconds, so that one apply changes all guests of prod, and refusals are seen with the two of lab.

const planted = "correct-horse-battery-staple";
const secretive = `variable "planted" {
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
`;

let desk: ApplyDesk;
let restore: () => Promise<void>;

const file = (environment: string, name: string) => join(desk.lab.directory(environment), name);
const declareProd = (when: "before" | "after") => desk.lab.declare("prod", changedGuestsDeclared(when));
/** Without an agent and snippets, a VM is created sooner. */
const vm = (vm_id: number) => ({ vm_id, agent_enabled: false, snippets: false });
type Guest = { vm_id: number };
const declareLab = (changed: { web?: object; dns?: object; sandbox?: Guest; ct?: Guest } = {}) =>
  desk.lab.declare(
    "lab",
    declared({
      vms: {
        web: { ...vm(301), firewall_enabled: false, ...changed.web },
        ...(changed.sandbox === undefined ? {} : { sandbox: changed.sandbox }),
      },
      containers: {
        dns: { vm_id: 303, firewall_enabled: false, ...changed.dns },
        ...(changed.ct === undefined ? {} : { ct: changed.ct }),
      },
    }),
  );
const plant = (secret: string) =>
  writeFileSync(file("prod", "secret.auto.tfvars"), `planted = "${secret}"\n`);

beforeAll(async () => {
  desk = await openApplyDesk();
  await declareProd("before");
  writeFileSync(file("prod", "secret.tf"), secretive);
  plant(`${planted}-1`);
  await declareLab();
  const apply = async (environment: string, ...flags: string[]) => {
    const ran = await desk.pveHome("apply", "--env", environment, "--yes", ...flags);
    expect(ran.exitCode, ran.stderr).toBe(0);
    return ran;
  };
  const [{ stdout, stderr }] = await Promise.all([apply("prod", "--verbose"), apply("lab")]);
  expect(stdout).toMatch(/^prod: \d+ created, 0 changed, 0 destroyed in /m);
  expect(stdout).toContain("next: pve-home hosts trust --env prod");
  expect(stderr).toMatch(/^prod: created vm web in /m);
  restore = await desk.lab.snapshot("prod", "lab");
});

beforeEach(async () => {
  await restore();
  await desk.lab.control.clearRequests();
});
afterAll(() => desk?.close());

test("a folder that was never initialised has its lock file and its providers afterwards", () => {
  expect(existsSync(file("prod", ".terraform.lock.hcl"))).toBe(true);
  expect(existsSync(file("prod", ".terraform/providers"))).toBe(true);
});

test("a disk that is to shrink: applying fails, as forecast, and no guest is down", async () => {
  await declareLab({ dns: { disk_size_gb: 4 } });
  const { forecast } = await desk.plan("lab");
  expect(forecast).toMatchObject([{ guest: "dns", effect: "refused", away: false }]);
  const { exitCode, stderr } = await desk.pveHome("apply", "--env", "lab", "--yes");
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toMatch(/disk size .*not finished: module\.containers\["dns"\]/);
  expect(await desk.powerCalls(303)).toEqual({ 303: [] });
});

describe("no guest goes down without a forecast", () => {
  /** `pve-home …`, having seen that it wrote nothing, neither on Proxmox nor into the state. */
  async function refused(...args: string[]) {
    const state = () => readFileSync(file("lab", "terraform.tfstate"), "utf8");
    const before = state();
    const ran = await desk.pveHome(...args);
    const { requests } = await desk.lab.control.requests();
    expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(state()).toBe(before);
    return ran;
  }

  test("without a terminal and without --yes nothing is changed", async () => {
    await declareLab({ web: { description: "mine" } });
    const { exitCode, stderr, stdout } = await refused("apply", "--env", "lab");
    expect(exitCode, stderr).toBe(4);
    expect(stdout).toContain("no guest is stopped, restarted or replaced");
    expect(stderr).toContain("--yes");
  });

  test("a terminal that is closed at the question has not agreed", async () => {
    await declareLab({ web: { description: "mine" } });
    const run = desk.start(["apply", "--env", "lab"], "terminal");
    await run.until(() => run.said().includes("[y/N]"));
    run.hangUp();
    expect((await run.done).exitCode, run.said()).toBe(4);
    expect(await desk.powerCalls(301)).toEqual({ 301: [] });
    expect(readFileSync(file("lab", "terraform.tfstate"), "utf8")).not.toContain('"mine"');
    expect(readdirSync(desk.desk.path("tmp"))).toEqual([]);
  });

  test("--yes alone does not allow a restart, and names who would be away", async () => {
    await declareLab({ web: { memory_mb: 3072 } });
    const { exitCode, stderr } = await refused("apply", "--env", "lab", "--yes");
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toContain("vm web (301) would be stopped and started");
    expect(stderr).toContain("--allow-restart");
  });

  test("--dry-run shows the plan and changes nothing", async () => {
    await declareLab({ web: { memory_mb: 3072 } });
    const { exitCode, stdout } = await refused("apply", "--env", "lab", "--dry-run", "--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("memory[0].dedicated: 2048 → 3072");
  });

  test("the lock of another run is named", async () => {
    await declareLab({ web: { memory_mb: 3072 } });
    writeFileSync(
      file("lab", ".terraform.tfstate.lock.info"),
      JSON.stringify({
        ID: "4f1",
        Operation: "OperationTypeApply",
        Who: "anna@laptop",
        Created: "2026-03-01T04:00:00Z",
      }),
    );
    for (const command of [["plan"], ["apply", "--yes"]]) {
      const args = [...command, "--env", "lab", "--lock-timeout", "0"];
      const { exitCode, stdout, stderr } = await refused(...args);
      expect(`${stdout}${stderr}`.replace(/\s+/g, " ")).toContain(
        "the state is locked by anna@laptop since 2026-03-01T04:00:00Z",
      );
      expect(exitCode).toBe(3);
    }
  });

  test("a token that may only read is refused by Proxmox, and what was done is reported", async () => {
    await declareLab({ dns: { description: "mine" } });
    desk.desk.write("apply-token", desk.lab.monitorToken);
    const { exitCode, stderr } = await desk.pveHome("apply", "--env", "lab", "--yes");
    desk.desk.write("apply-token", desk.lab.token);
    expect(exitCode, stderr).toBe(3);
    expect(stderr).toContain("until then 0 created, 0 changed, 0 destroyed");
    expect(stderr).toContain("pve-home plan --env lab");
  });
});

test("a guest that was not made here keeps its number: nothing is created over it, nor taken into the state", async () => {
  const { control, world } = desk.lab;
  await control.create({ vmid: 305, name: "precious" });
  await control.create({ vmid: 306, name: "oldct", kind: "lxc" });
  await control.config("305", { scsi1: "local-lvm:4" });
  const foreign = () => structuredClone([world.guests[305], world.guests[306]]);
  const before = foreign();
  await declareLab({ sandbox: vm(305), ct: { vm_id: 306 } });
  await control.clearRequests();
  const [planned, applied, drifted, imported] = await Promise.all([
    desk.pveHome("plan", "--env", "lab", "--json"),
    desk.pveHome("apply", "--env", "lab", "--yes"),
    desk.pveHome("drift", "--env", "lab", "--json"),
    desk.pveHome("state", "import", "--env", "lab", "305", "--yes"),
  ]);
  const { environments } = planDocumentSchema.parse(JSON.parse(planned.stdout));
  expect(environments[0]?.problem).toMatchObject({ code: "guest-number-taken" });
  expect(applied.exitCode, applied.stderr).toBe(2);
  const said = applied.stderr.replace(/\s+/g, " ");
  expect(said).toContain("number 305 is taken by vm precious on pve1, running");
  expect(said).toContain("number 306 is taken by lxc oldct on pve1, running");
  const [found] = driftDocumentSchema.parse(JSON.parse(drifted.stdout)).environments;
  const taken = found?.findings.filter(({ detail }) => detail.includes("is taken by")) ?? [];
  expect(taken.map(({ hint }) => hint)).toEqual(
    Array(2).fill(expect.stringContaining("a vm_id that is free")),
  );
  expect(imported.exitCode, imported.stderr).toBe(2);
  expect(imported.stderr).toMatch(/sandbox[\s\S]*precious/);
  const { requests } = await control.requests();
  expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(foreign()).toEqual(before);
  const state = readFileSync(file("lab", "terraform.tfstate"), "utf8");
  expect(state).not.toMatch(/"vm_id": 30[56]/);
});

describe("Ctrl-C", () => {
  const apply = ["apply", "--env", "lab", "--yes"];
  const control = () => desk.lab.control;
  /** Nothing that is begun ends; `after` comes last. */
  beforeEach(async () => {
    await declareLab({ sandbox: vm(305), ct: { vm_id: 306 } });
    writeFileSync(
      file("lab", "after.tf"),
      'resource "terraform_data" "after" { depends_on = [module.vms, module.containers] }\n',
    );
    await control().break("task-hang");
  });
  afterEach(() => control().mend());

  test("once: what is under way may end, nothing else is begun, and what was given up is named", async () => {
    const { exitCode, stderr } = await desk.interrupted(apply, "could not create lxc ct", () =>
      control().mend(),
    );
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toContain("interrupted: nothing more is begun");
    // The provider waits for a clone, and not for a container, whatever Proxmox makes of it.
    expect(stderr).toMatch(/has all that was finished \(until then 1 created, 0 changed, 0 destroyed; not/);
    expect(stderr).toMatch(/not finished: module\.containers\["ct"\]\.\S+_container\.this\)/);
    expect(stderr).toContain("what is on Proxmox and in no state: pve-home drift --all");
    await vi.waitFor(() => expect(Object.keys(desk.lab.world.guests)).toContain("306"), 10_000);
    const state = readFileSync(file("lab", "terraform.tfstate"), "utf8");
    expect(state).not.toContain('"after"');
    const { stdout, exitCode: drifted } = await desk.pveHome("drift", "--all", "--json");
    expect(drifted).toBe(1);
    const { environments, unmanaged } = driftDocumentSchema.parse(JSON.parse(stdout));
    const inLab = environments.find(({ environment }) => environment === "lab");
    expect(inLab?.findings.map(({ verdict, subject }) => [verdict, subject])).toEqual([
      ["pending", "terraform_data.after"],
      ["pending", expect.stringContaining("_container.this")],
      ["pending", expect.stringContaining('vms["sandbox"].proxmox_virtual_environment_firewall_options')],
      ["pending", expect.stringContaining('vms["sandbox"].proxmox_virtual_environment_firewall_rules')],
    ]);
    expect(unmanaged?.findings).toEqual([]);
    const { detail = "", hint = "" } = inLab?.findings[1] ?? {};
    expect(detail).toContain("exists on Proxmox as lxc/306 (ct), but is not in the state");
    const command = /pve-home (state import .*)$/.exec(hint)?.[1]?.split(" ") ?? [];
    const imported = await desk.pveHome(...command, "--yes");
    expect(imported.exitCode, imported.stderr).toBe(0);
    // It is not replaced, whatever Proxmox does not return of it.
    const planned = await desk.plan("lab");
    expect(planned.forecast).toEqual([]);
    expect(planned.resources.filter(({ address }) => address.endsWith("_container.this"))).toEqual([]);
    const again = await desk.pveHome(...command, "--yes");
    expect(again).toMatchObject({ exitCode: 0, stdout: "lab: guest 306 is in its state already\n" });
  });

  test("twice: it ends, and what may be in between is named", async () => {
    const { exitCode, stderr } = await desk.interrupted(apply, "interrupted", "again");
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toMatch(/ended in the middle.*not finished: .*module\.vms\["sandbox"\]/);
  });
});

describe("many changes at once", () => {
  /** The effect that calls of the API add up to. */
  function effectOf(calls: readonly string[] = []): string {
    if (calls.includes("delete")) return "replaced";
    if (calls.includes("reboot")) return "reboot";
    const off = calls.includes("shutdown") || calls.includes("stop");
    if (off) return calls.includes("start") ? "stop-start" : "stopped";
    return calls.length === 0 ? "none" : calls.join();
  }

  async function changeAll() {
    const template = desk.lab.world.guests["9000"];
    if (template === undefined) throw new Error("the lab has no template");
    desk.lab.world.guests["9001"] = { ...structuredClone(template), vmid: 9001 };
    await desk.lab.control.stop("ct-off-by-hand");
    await declareProd("after");
    plant(`${planted}-2`);
  }

  test("what is forecast happens, and a planted secret is in nothing that was printed or written", async () => {
    await changeAll();
    const { forecast } = await desk.plan("prod");
    const felt = changedGuests.filter(({ effect }) => effect !== "none");
    expect(forecast).toHaveLength(felt.length);
    for (const { name, vmid, effect } of felt) {
      expect(forecast).toContainEqual(expect.objectContaining({ guest: name, vmid, effect }));
    }
    expect(forecast).toContainEqual(
      expect.objectContaining({ guest: "vm-agent", causes: ["agent[0].timeout"] }),
    );

    await desk.lab.control.clearRequests();
    const applied = await desk.pveHome("apply", "--env", "prod", "--yes", "--allow-restart", "--verbose");
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(applied.stdout).toContain("description: (sensitive) → (sensitive)");
    const calls = await desk.powerCalls(...changedGuests.map(({ vmid }) => vmid));
    const seen = changedGuests.map(({ name, vmid }) => [name, effectOf(calls[vmid])]);
    const expected = changedGuests.map(({ name, effect }) => [name, effect]);
    expect(Object.fromEntries(seen)).toEqual({
      ...Object.fromEntries(expected),
      // It does not run, and it is to run.
      "ct-off-by-hand": "start",
    });
    expect(await desk.plan("prod")).toMatchObject({ status: "none", forecast: [] });

    const everything = everythingIn(desk.desk.folder, ...desk.desk.printed);
    expect(everything).not.toContain(planted);
    expect(desk.desk.printed.join("\n")).not.toContain(desk.lab.token.split("=")[1]);
    expect(readdirSync(desk.desk.path("tmp")).filter((name) => name.startsWith("pve-home"))).toEqual([]);
  });
});
