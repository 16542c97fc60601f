import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { test as base, describe, expect, vi } from "vitest";
import { openHome } from "./home.test-helper.ts";

// Each has a lab of its own, so that they can wait at the same time.
const test = base.extend("home", async ({ onTestFinished }) => {
  const home = await openHome();
  onTestFinished(home.close);
  return home;
});

test.afterEach(async ({ home }) => {
  // Whatever the checks send is something the lab knows from real guests.
  expect((await home.control.commands()).filter((command) => !command.known)).toEqual([]);
  const { secrets, seenIn } = home.secrets();
  expect(secrets).toHaveLength(3);
  for (const secret of secrets) expect(seenIn).not.toContain(secret);
});

test.concurrent("all is well once the guests' keys are known: a row per component, metrics, exit code 0", async ({
  home: { desk, metrics },
}) => {
  rmSync(desk.path("state"), { recursive: true });
  const trusted = await desk.run(["hosts", "trust", "--all"]);
  expect(trusted, trusted.stderr).toMatchObject({ exitCode: 0 });
  const ran = await desk.run(["health", "--all"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatch(/^component +type +status +detail +duration\n/);
  expect(ran.stdout).toMatch(/^pve1 +node +OK/m);
  expect(ran.stdout).toMatch(/^web-004 +lxc +OK/m);
  expect(ran.stdout).toMatch(/5 components: 5 ok/);
  expect(ran.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(metrics()).toMatch(/^pve_health_status\{env="prod",component="web-001",type="vm"\} 0$/m);
  expect(metrics()).toMatch(/^pve_health_components_healthy\{env="prod"\} 5$/m);
});

test.concurrent("a stopped guest: said once, exit code 1, in the metrics; --json is one document", async ({
  home: { desk, control, metrics },
}) => {
  await control.stop("web-001");
  const ran = await desk.run(["health", "--env", "prod", "--json", "--html", "report.html"]);
  expect(ran.exitCode).toBe(1);
  const document = JSON.parse(ran.stdout);
  expect(document).toMatchObject({ schema_version: 1, command: "health", status: "fail" });
  const [component] = document.environments[0].components.filter(
    (one: { status: string }) => one.status !== "ok",
  );
  expect(component).toMatchObject({ component: "web-001", status: "fail" });
  expect(metrics()).toMatch(/^pve_health_status\{env="prod",component="web-001",type="vm"\} 1$/m);
  expect(readFileSync(desk.path("report.html"), "utf8")).toMatch(/web-001[\s\S]*stopped/);
});

test.concurrent("a run for a part brings the metrics up to date and keeps the rest", async ({
  home: { desk, control, metrics },
}) => {
  await desk.run(["health", "--all"]);
  await desk.run(["health", "--all", "--exclude", "web-001"]);
  expect(metrics()).toMatch(/component="web-001",type="vm"\} 0$/m);
  expect(metrics()).toMatch(/^pve_health_components_total\{env="prod"\} 5$/m);
  await control.stop("web-002");
  const ran = await desk.run(["health", "--all", "--component", "web-002"]);
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toMatch(/1 component/);
  expect(metrics()).toMatch(/component="web-002",type="vm"\} 1$/m);
  expect(metrics()).toMatch(/component="web-001",type="vm"\} 0$/m);
});

test.concurrent("an API that is not there: unknown, exit code 3, and SSH results all the same", async ({
  home: { desk, configure, metrics },
}) => {
  configure({ endpoint: "https://127.0.0.1:1/" });
  const ran = await desk.run(["health", "--all", "--verbose"]);
  expect(ran.exitCode).toBe(3);
  expect(ran.stdout).toMatch(/web-001[\s\S]*?OK +ssh: login works/);
  expect(metrics()).toMatch(/component="web-001",type="vm"\} 2$/m);
});

describe.concurrent("ends within the limit, and the other results are there:", () => {
  test("an API that hangs", async ({ home: { desk, control } }) => {
    await control.break("api-hang");
    const ran = await desk.run(["health", "--all", "--timeout", "8"]);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/no answer within 8 s/);
    expect(ran.stdout.match(/web-00[1-4] +(vm|lxc) +UNKNOWN/g)).toHaveLength(4);
  });

  test("a guest that hangs after the login, and one that says nothing at all", async ({
    home: { desk, control },
  }) => {
    await control.break("ssh-hang", "web-001");
    await control.break("ssh-mute", "web-002");
    const ran = await desk.run(["health", "--all", "--timeout", "8"]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toMatch(/^web-001 +vm +FAIL .*no answer within 8 s/m);
    expect(ran.stdout).toMatch(/^web-002 +vm +FAIL .*no login within 8 s/m);
    expect(ran.stdout.match(/web-00[34] +(vm|lxc) +OK/g)).toHaveLength(2);
  });
});

test.concurrent("a changed host key says so", async ({ home: { desk, control } }) => {
  await control.break("host-key-changed", "web-003");
  const ran = await desk.run(["health", "--all"]);
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toMatch(/web-003[\s\S]*host key/i);
  expect(ran.stdout).toMatch(/pve-home hosts trust --env prod web-003/);
});

describe.concurrent("nothing dies in silence", () => {
  test("no token: metrics say unknown, exit code 3", async ({ home: { desk, configure, metrics } }) => {
    configure({}, (settings) => settings.replace(/ {2}api_token: .*\n/, ""));
    const ran = await desk.run(["health", "--all"]);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/PROXMOX_VE_API_TOKEN/);
    expect(metrics()).toMatch(/component="web-001",type="vm"\} 2$/m);
  });

  test("no Terraform: the environment is unknown in the metrics, exit code 3", async ({
    home: { desk, configure, metrics },
  }) => {
    desk.write("infrastructure/proxmox/environments/prod/main.tf", "");
    configure({}, (settings) => settings.replace("{ inventory: prod.json }", "{ tool: terraform }"));
    const ran = await desk.run(["health", "--all"], { env: { PATH: desk.path("nothing-here") } });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/terraform/i);
    expect(metrics()).toMatch(/^pve_health_status\{env="prod",.*\} 2$/m);
  });

  test("a token that may not look: forbidden is unknown, and says which privilege is missing", async ({
    home: { desk, world, configure },
  }) => {
    world.tokens["blind@pve!x"] = { id: "blind@pve!x", secret: "blind-in-both-eyes", privileges: {} };
    configure({ token: "blind@pve!x=blind-in-both-eyes" });
    const ran = await desk.run(["health", "--all"]);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout.match(/web-00[1-4] +(vm|lxc) +UNKNOWN/g)).toHaveLength(4);
    expect(ran.stdout).toContain("the token needs VM.Audit");
  });
});

test.concurrent("--dry-run: steps and sample rows, and the lab sees nothing", async ({
  home: { desk, control },
}) => {
  const before = desk.files();
  const ran = await desk.run(["health", "--all", "--dry-run"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatch(/what would be done[\s\S]*sample/);
  expect((await control.requests()).count).toBe(0);
  expect(await control.commands()).toEqual([]);
  expect(desk.files()).toEqual(before);
});

test.concurrent("--print-probe: the script alone, the same each time, and nothing is asked", async ({
  home: { desk, control },
}) => {
  const [first, second] = [
    await desk.run(["health", "--print-probe"]),
    await desk.run(["health", "--print-probe"]),
  ];
  expect(first).toMatchObject({ exitCode: 0, stderr: "" });
  expect(first.stdout).toMatch(/^# Probe [0-9a-f]{16}: [\s\S]*@pve-home end\\n'\n$/);
  expect(second.stdout).toBe(first.stdout);
  expect((await control.requests()).count).toBe(0);
});

test.concurrent("a setting of a check that does not exist: exit code 2 with its place, and nothing is asked", async ({
  home: { desk, control, configure },
}) => {
  configure({}, (settings) => `${settings}health: { checks: { dokcer: { warn: 1 } } }\n`);
  const ran = await desk.run(["health", "--all"]);
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ran.stderr).toMatch(/health\.checks\.dokcer/);
  expect(ran.stderr).toMatch(/pve-home\.yaml:\d+/);
  expect((await control.requests()).count).toBe(0);
});

test.concurrent.for(["health", "drift", "hosts trust"])(
  "an interrupt of %s is exit code 4, said so, and nothing is recorded or left behind",
  async (command, { home: { desk, control } }) => {
    await control.break("api-hang");
    const before = desk.files();
    const asked = async () => (await control.requests()).count > 0;
    const ran = await desk.run([...command.split(" "), "--all"], {
      interruptAt: vi.waitUntil(asked, { timeout: 60_000, interval: 20 }),
      env: { TMPDIR: desk.path("tmp") },
    });
    expect(ran.exitCode, ran.stderr).toBe(4);
    expect(ran.stderr).toMatch(/interrupted/);
    expect(ran.stderr).not.toMatch(/bug/);
    expect(desk.files()).toEqual(before);
  },
);

test.concurrent("a port that is taken by something else is said in plain words", async ({
  home: { desk, configure },
}) => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  configure({ endpoint: `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}/` });
  const ran = await desk.run(["health", "--all", "--component", "node"]);
  server.close();
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).not.toMatch(/bug/);
});
