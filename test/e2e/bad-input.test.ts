import { test as base, describe, expect } from "vitest";
import { type Desk, openDesk } from "./cli.test-helper.ts";

const test = base.extend("desk", ({ onTestFinished }) => {
  const desk = openDesk("prod", "lab");
  onTestFinished(desk.close);
  return desk;
});

const inventory = {
  schema_version: 1,
  environment: "prod",
  guests: [],
  services: [],
};

/** Refused with exit code 2, said on stderr alone, and nothing left behind. */
async function refused(desk: Desk, args: string[], env: Record<string, string> = {}): Promise<string> {
  const before = desk.files();
  const ran = await desk.run([...args, "--metrics-dir", "metrics"], { env });
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(desk.files()).toEqual(before);
  expect(ran.stderr).not.toMatch(/bug in pve-home/);
  return ran.stderr;
}

describe.concurrent.each(["health", "drift"])("%s", (command) => {
  test("an unknown flag, with the one that was meant", async ({ desk }) => {
    expect(await refused(desk, [command, "--al"])).toMatch(/unknown option '--al'[\s\S]*--all[\s\S]*--help/);
  });

  test("neither --env nor --all names the environments", async ({ desk }) => {
    expect(await refused(desk, [command])).toMatch(/lab, prod[\s\S]*--env lab/);
  });

  test("both --env and --all", async ({ desk }) => {
    expect(await refused(desk, [command, "--env", "prod", "--all"])).toMatch(/exclude each other/);
  });

  test("an unknown environment, with those there are", async ({ desk }) => {
    expect(await refused(desk, [command, "--env", "prdo"])).toMatch(/"prdo"[\s\S]*lab, prod/);
  });

  test("a number that is none", async ({ desk }) => {
    expect(await refused(desk, [command, "--all", "--timeout", "soon"])).toMatch(/'soon'[\s\S]*example 10/);
  });

  test("a configuration with a mistake: file, line, value, a legal example", async ({ desk }) => {
    desk.write("pve-home.yaml", "environments:\n  prod: {}\nhealth:\n  timeout: soon\n");
    expect(await refused(desk, [command, "--all"])).toMatch(
      /health\.timeout: expected number, got "soon"\n\s+at .*pve-home\.yaml:4\n\s+try: .*timeout: 10/,
    );
  });

  test("two inventories of one environment: both files", async ({ desk }) => {
    desk.write("a.json", inventory);
    desk.write("b.json", inventory);
    const text = await refused(desk, [command, "--all", "--inventory", "a.json", "--inventory", "b.json"]);
    expect(text).toMatch(/a\.json and .*b\.json are both inventories of the environment prod/);
  });

  test("a CA file that holds no certificate: its path and its setting", async ({ desk }) => {
    desk.write("pve-home.yaml", "proxmox: { endpoint: https://127.0.0.1:1/, tls: { ca_file: ca.pem } }\n");
    desk.write("ca.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    expect(await refused(desk, [command, "--all"])).toMatch(
      /\/ca\.pem cannot be used: it holds a private key[\s\S]*proxmox\.tls\.ca_file/,
    );
  });

  test("a secret that cannot be read", async ({ desk }) => {
    desk.write("pve-home.yaml", "proxmox:\n  endpoint: https://127.0.0.1:1/\n  api_token: env:NOT_SET\n");
    const text = await refused(desk, [command, "--all"]);
    expect(text).toMatch(/env:NOT_SET[\s\S]*proxmox\.api_token[\s\S]*for example: env:PROXMOX_VE_API_TOKEN/);
  });

  test("a token written where its reference belongs is not printed", async ({ desk }) => {
    desk.write("pve-home.yaml", "proxmox:\n  api_token: terraform@pve!x=hunter2-hunter2\n");
    const text = await refused(desk, [command, "--all"]);
    expect(text).toMatch(
      /proxmox\.api_token: expected env:NAME, file:PATH or cmd:COMMAND[\s\S]*pve-home\.yaml:2/,
    );
    expect(text).not.toContain("hunter2");
  });

  test("a report that would overwrite a folder, metrics that would go into a file", async ({ desk }) => {
    expect(await refused(desk, [command, "--all", "--html", "infrastructure"])).toMatch(
      /it is a folder[\s\S]*--html/,
    );
    desk.write("pve-home.yaml", "metrics: { directory: pve-home.yaml }\n");
    const before = desk.files();
    const ran = await desk.run([command, "--all"]);
    expect(ran).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringMatching(/no folder/) });
    expect(desk.files()).toEqual(before);
  });

  test("a document that unfolds without end, and one that is no text", async ({ desk }) => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [from, to] of ["ab", "bc", "cd", "de", "ef"]) {
      bomb.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(", ")}]`);
    }
    desk.write("pve-home.yaml", bomb.join("\n"));
    expect(await refused(desk, [command, "--all"])).toMatch(/pve-home\.yaml cannot be parsed/);
    desk.write("pve-home.yaml", "\u0001\u0002binary".repeat(10_000));
    expect((await refused(desk, [command, "--all"])).length).toBeLessThan(3000);
  });

  test("a token that is none is not printed", async ({ desk }) => {
    const env = { PROXMOX_VE_ENDPOINT: "https://127.0.0.1:1/", PROXMOX_VE_API_TOKEN: "hunter2" };
    const text = await refused(desk, [command, "--all"], env);
    expect(text).toMatch(/USER@REALM!NAME=SECRET/);
    expect(text).not.toContain("hunter2");
  });
});

describe.concurrent("exclusions", () => {
  const settings = (desk: Desk, text: string) => desk.write("pve-home.yaml", `health: { ${text} }\n`);

  test("a pattern that cannot be read names its place", async ({ desk }) => {
    settings(desk, 'exclude: ["[a"]');
    expect(await refused(desk, ["health", "--all"])).toMatch(/\[a[\s\S]*health\.exclude/);
  });

  test("a file that was named must be there, beside the configuration", async ({ desk }) => {
    settings(desk, "exclusions_file: ex.conf");
    expect(await refused(desk, ["health", "--all"])).toMatch(/exclusions file[\s\S]*ex\.conf/);
  });
});

describe.concurrent("an inventory file", () => {
  test("that is no JSON", async ({ desk }) => {
    const file = desk.write("inventory.json", '{\n  "schema_version": 1,\n  "guests": [\n');
    expect(await refused(desk, ["health", "--inventory", file])).toMatch(/inventory\.json:\d/);
  });

  test("with a wrong value: file, line, what was expected", async ({ desk }) => {
    const file = desk.write("inventory.json", {
      ...inventory,
      guests: [{ ...guest, vmid: "two hundred" }],
    });
    expect(await refused(desk, ["health", "--inventory", file])).toMatch(
      /guests\[0\]\.vmid: expected .*, got "two hundred"\n\s+at .*inventory\.json:8\n\s+try: .*"vmid": 201/,
    );
  });

  test("of another version", async ({ desk }) => {
    const file = desk.write("inventory.json", { ...inventory, schema_version: 3 });
    expect(await refused(desk, ["health", "--inventory", file])).toMatch(
      /schema_version: must be schema version 1 or 2, got 3\n/,
    );
  });

  test("that is not there", async ({ desk }) => {
    expect(await refused(desk, ["health", "--inventory", "nope.json"])).toMatch(/cannot read .*nope\.json/);
  });
});

const guest = {
  name: "web",
  type: "vm",
  vmid: 201,
  node: "pve1",
  address: "127.0.0.1",
  ssh_user: "debian",
  ssh_port: 1,
  docker: false,
  agent: false,
  on_boot: true,
  tags: [],
};

test.concurrent.for(["--component", "--exclude"])(
  "%s that means nothing names what there is",
  async (flag, { desk }) => {
    const file = desk.write("inventory.json", { ...inventory, guests: [guest] });
    const env = { PROXMOX_VE_ENDPOINT: "https://127.0.0.1:1/", PROXMOX_VE_API_TOKEN: "a@b!c=d" };
    expect(await refused(desk, ["health", "--inventory", file, flag, "wbe"], env)).toMatch(/wbe[\s\S]*web/);
  },
);
