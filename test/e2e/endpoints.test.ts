import { chmodSync, readFileSync } from "node:fs";
import { test as base, expect } from "vitest";
import { type Home, openHome } from "./home.test-helper.ts";

// A cluster of two nodes, each with an API of its own, both in the settings: what is seen when one API is away.

const test = base.extend("home", async ({ onTestFinished }) => {
  const home = await openHome({ nodes: ["pve1", "pve2"] });
  onTestFinished(home.close);
  return home;
});

function useBoth({ configure, apis }: Home): string[] {
  const list = apis.map(({ endpoint }) => endpoint);
  configure({}, (settings) => settings.replace(/ endpoint: .*/, ` endpoints: ["${list.join('", "')}"]`));
  return list.map((endpoint) => new URL(endpoint).host);
}

/** What every guest's own rows say, by the name of the guest. */
function guestsOf(stdout: string): Record<string, Record<string, string>> {
  const document = JSON.parse(stdout) as {
    environments: { components: { component: string; checks: { check: string; status: string }[] }[] }[];
  };
  const components = document.environments[0]?.components ?? [];
  return Object.fromEntries(
    components.map(({ component, checks }) => [
      component,
      Object.fromEntries(checks.map(({ check, status }) => [check, status])),
    ]),
  );
}

test("both answer: a row each, nothing on stderr", async ({ home }) => {
  const [first, second] = useBoth(home);
  const ran = await home.desk.run(["health", "--all"]);
  expect(ran, ran.stdout).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatch(new RegExp(`^${first} +api +OK +api: answers, Proxmox VE 9`, "m"));
  expect(ran.stdout).toMatch(new RegExp(`^${second} +api +OK`, "m"));
  expect(home.metrics()).toContain(`pve_health_status{env="prod",component="${first}",type="api"} 0`);
});

test.for([
  ["api-down", "pve1", "proxmox-unreachable"],
  ["api-hang", "pve1", "proxmox-timeout"],
  ["api-down", "pve2", "proxmox-unreachable"],
  ["api-hang", "pve2", "proxmox-timeout"],
] as const)(
  "%s at %s: it is named, and what every guest says is there within the limit",
  async ([fault, node, code], { home }) => {
    const hosts = useBoth(home);
    const [away, other] = node === "pve1" ? hosts : hosts.toReversed();
    await home.control.break(fault, node);
    const ran = await home.desk.run(["health", "--all", "--json", "--timeout", "8"]);
    expect(ran.exitCode, ran.stderr).toBe(1);
    const rows = guestsOf(ran.stdout);
    expect(rows[away ?? ""]).toEqual({ api: "fail" });
    expect(rows[other ?? ""]).toEqual({ api: "ok" });
    expect(ran.stdout).toContain(`"code": "${code}"`);
    const inventory = await home.control.inventory("prod");
    for (const guest of inventory.guests) {
      expect(rows[guest.name]).toMatchObject({ proxmox: "ok", ssh: "ok" });
      if (guest.agent && guest.node !== node) expect(rows[guest.name]).toMatchObject({ agent: "ok" });
    }
    expect(inventory.guests.filter((guest) => guest.node !== node).length).toBeGreaterThan(0);
    // Said once, and only where the run had to go on to the other one.
    const said = ran.stderr.match(new RegExp(`${away}.*; asking ${other} instead`, "g")) ?? [];
    expect(said).toHaveLength(node === "pve1" ? 1 : 0);
  },
);

test("a node that is off takes its API along; the other node's guests are well", async ({ home }) => {
  const [away] = useBoth(home);
  await home.control.break("node-offline", "pve1");
  const ran = await home.desk.run(["health", "--all", "--json"]);
  expect(ran.exitCode).toBe(1);
  const rows = guestsOf(ran.stdout);
  expect(rows).toMatchObject({
    [away ?? ""]: { api: "fail" },
    pve1: { proxmox: "fail" },
    pve2: { proxmox: "ok" },
  });
  for (const guest of (await home.control.inventory("prod")).guests) {
    expect(rows[guest.name]).toMatchObject({ proxmox: guest.node === "pve1" ? "unknown" : "ok" });
  }
});

test("where neither answers, that is unknown as with one", async ({ home }) => {
  useBoth(home);
  await home.control.break("api-down", "pve1");
  await home.control.break("api-down", "pve2");
  const ran = await home.desk.run(["health", "--all", "--json"]);
  expect(ran.exitCode, ran.stdout).toBe(3);
  const rows = guestsOf(ran.stdout);
  expect(Object.values(rows).filter(({ api }) => api === "unknown")).toHaveLength(2);
  expect(rows["web-001"]).toMatchObject({ proxmox: "unknown", ssh: "ok" });
});

test("Terraform's provider gets the endpoint that answered", async ({ home }) => {
  const [, other] = useBoth(home);
  await home.control.break("api-down", "pve1");
  const { desk } = home;
  desk.write("infrastructure/proxmox/environments/prod/main.tf", "");
  const program = desk.write(
    "bin/terraform",
    `#!/bin/sh\necho "$PROXMOX_VE_ENDPOINT" > ${desk.path("asked")}\nexit 1\n`,
  );
  chmodSync(program, 0o755);
  const settings = readFileSync(desk.path("pve-home.yaml"), "utf8");
  desk.write(
    "pve-home.yaml",
    settings.replace("inventory: prod.json", `tool: terraform, program: ${program}`),
  );
  const ran = await desk.run(["drift", "--all"]);
  expect(readFileSync(desk.path("asked"), "utf8"), ran.stderr).toBe(`https://${other}\n`);
  expect(ran.stderr).toContain(`asking ${other} instead`);
});
