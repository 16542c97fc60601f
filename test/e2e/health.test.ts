import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ControlClient, controlClient } from "../../lab/control-client.ts";
import { type RunningLab, startLab } from "../../lab/lab.ts";
import { type Desk, everythingIn, openDesk } from "./cli.test-helper.ts";

let desk: Desk;
let lab: RunningLab;
let control: ControlClient;

beforeAll(async () => {
  desk = openDesk();
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", desk.path("key")]);
  const key = readFileSync(desk.path("key.pub"), "utf8").trim();
  lab = await startLab({ guests: 4, sshPort: 0, authorizedKeys: [key] });
  control = controlClient(lab.facts);
  for (const guest of Object.values(lab.world.guests)) {
    for (const home of ["/root", "/home/debian"])
      guest.inside.files[`${home}/.ssh/authorized_keys`] = `${key}\n`;
    if (guest.status === "running") guest.bootedAt = Date.now() - 3_600_000;
  }
  configure({});
  desk.write("prod.json", await control.inventory("prod"));
  const trusted = await desk.run(["hosts", "trust", "--all"]);
  expect(trusted, trusted.stderr).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await lab.close();
  desk.close();
});
beforeEach(async () => {
  await control.mend();
  configure({});
  rmSync(desk.path("metrics"), { recursive: true, force: true });
});
// Whatever the checks send is something the lab knows from real guests.
afterEach(async () => {
  expect((await control.commands()).filter((command) => !command.known)).toEqual([]);
});

function configure(proxmox: { endpoint?: string; token?: string }): void {
  const nodes = lab.facts.ssh.nodes.map(
    ({ name, address, port, hostKey }) =>
      `${name}: { address: ${address}, port: ${port}, host_key: "${hostKey}" }`,
  );
  desk.write("token", proxmox.token ?? lab.facts.tokens.monitor);
  desk.write(
    "pve-home.yaml",
    `environments: { prod: { inventory: prod.json } }
proxmox:
  endpoint: ${proxmox.endpoint ?? lab.facts.endpoint}
  api_token: file:token
  tls: { fingerprint: "${lab.facts.fingerprint}" }
ssh: { identity_file: key, config: none, nodes: { ${nodes.join(", ")} } }
metrics: { directory: metrics }
state_directory: state
`,
  );
}

const metrics = () => readFileSync(desk.path("metrics/pve_health.prom"), "utf8");
const longAgo = (name: string) => {
  const guest = Object.values(lab.world.guests).find(
    (one) => one.config.name === name || one.config.hostname === name,
  );
  if (guest) guest.bootedAt = Date.now() - 3_600_000;
};

test("all is well: a row per component, metrics, exit code 0", async () => {
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

test("a stopped guest: said once, exit code 1, in the metrics; --json is one document", async () => {
  await control.stop("web-001");
  const ran = await desk.run(["health", "--env", "prod", "--json", "--html", "report.html"]);
  await control.start("web-001");
  longAgo("web-001");
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

test("a run for one component brings the metrics up to date and keeps the rest", async () => {
  await desk.run(["health", "--all"]);
  await control.stop("web-002");
  const ran = await desk.run(["health", "--all", "--component", "web-002"]);
  await control.start("web-002");
  longAgo("web-002");
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toMatch(/1 component/);
  expect(metrics()).toMatch(/component="web-002",type="vm"\} 1$/m);
  expect(metrics()).toMatch(/component="web-001",type="vm"\} 0$/m);
});

test("an API that is not there: unknown, exit code 3, and SSH results all the same", async () => {
  configure({ endpoint: "https://127.0.0.1:1/" });
  const ran = await desk.run(["health", "--all", "--verbose"]);
  expect(ran.exitCode).toBe(3);
  expect(ran.stdout).toMatch(/web-001[\s\S]*?OK +ssh: login works/);
  expect(metrics()).toMatch(/component="web-001",type="vm"\} 2$/m);
});

describe.each([
  ["api-hang", undefined, 3],
  ["ssh-hang", "web-001", 1],
  ["ssh-mute", "web-001", 1],
])("%s", (fault, target, exitCode) => {
  test("ends within the limit, and the other results are there", async () => {
    await control.break(fault, target);
    const ran = await desk.run(["health", "--all", "--timeout", "3"]);
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.stdout).toMatch(/no (answer|login) within 3 s/);
    expect(ran.durationMs).toBeLessThan(10_000);
    const others = target === undefined ? /web-00[1-4] +(vm|lxc) +UNKNOWN/g : /web-00[2-4] +(vm|lxc) +OK/g;
    expect(ran.stdout.match(others)).toHaveLength(target === undefined ? 4 : 3);
  });
});

test("a changed host key says so", async () => {
  await control.break("host-key-changed", "web-003");
  const ran = await desk.run(["health", "--all"]);
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toMatch(/web-003[\s\S]*host key/i);
  expect(ran.stdout).toMatch(/pve-home hosts trust --env prod web-003/);
});

describe("nothing dies in silence", () => {
  test("no token: metrics say unknown, exit code 3", async () => {
    desk.write(
      "pve-home.yaml",
      readFileSync(desk.path("pve-home.yaml"), "utf8").replace(/ {2}api_token: .*\n/, ""),
    );
    const ran = await desk.run(["health", "--all"]);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/PROXMOX_VE_API_TOKEN/);
    expect(metrics()).toMatch(/component="web-001",type="vm"\} 2$/m);
  });

  test("no Terraform: the environment is unknown in the metrics, exit code 3", async () => {
    desk.write("infrastructure/proxmox/environments/prod/main.tf", "");
    desk.write(
      "pve-home.yaml",
      readFileSync(desk.path("pve-home.yaml"), "utf8").replace(
        "{ inventory: prod.json }",
        "{ tool: terraform }",
      ),
    );
    const ran = await desk.run(["health", "--all"], { env: { PATH: desk.path("nothing-here") } });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/terraform/i);
    expect(metrics()).toMatch(/^pve_health_status\{env="prod",.*\} 2$/m);
  });

  test("a token that may not look: forbidden is unknown, and says which privilege is missing", async () => {
    lab.world.tokens["blind@pve!x"] = { id: "blind@pve!x", secret: "abc", privileges: {} };
    configure({ token: "blind@pve!x=abc" });
    const ran = await desk.run(["health", "--all"]);
    expect(ran.exitCode === 3 || ran.exitCode === 1).toBe(true);
    expect(ran.stdout).not.toMatch(/5 ok/);
  });
});

test("--dry-run: steps and sample rows, and the lab sees nothing", async () => {
  const before = desk.files();
  await control.clearRequests();
  await control.clearCommands();
  const ran = await desk.run(["health", "--all", "--dry-run"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatch(/what would be done[\s\S]*sample/);
  expect((await control.requests()).count).toBe(0);
  expect(await control.commands()).toEqual([]);
  expect(desk.files()).toEqual(before);
});

describe.each([["health"], ["drift"], ["hosts", "trust"]])("an interrupt of %s %s", (...command) => {
  const words = command.filter((word) => word !== undefined);

  test.each([250, 500, 1500])(
    "after %d ms is exit code 4, said so, and nothing is recorded or left behind",
    async (ms) => {
      await control.break("api-hang");
      const before = desk.files("tmp");
      const ran = await desk.run([...words, "--all"], { killAfterMs: ms, env: { TMPDIR: desk.path("tmp") } });
      // Before the program can listen, the signal itself ends it.
      expect([4, null]).toContain(ran.exitCode);
      if (ran.exitCode === 4) expect(ran.stderr).toMatch(/interrupted/);
      expect(ran.stderr).not.toMatch(/bug/);
      expect(desk.files("tmp")).toEqual(before);
      expect(desk.files().filter((name) => name.startsWith("metrics/"))).toEqual([]);
    },
  );
});

test("--exclude on the command line leaves what was known of the others", async () => {
  await desk.run(["health", "--all"]);
  await desk.run(["health", "--all", "--exclude", "web-001"]);
  expect(metrics()).toMatch(/component="web-001",type="vm"\} 0$/m);
  expect(metrics()).toMatch(/^pve_health_components_total\{env="prod"\} 5$/m);
});

test("a port that is taken by something else is said in plain words", async () => {
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

test("no secret is in anything that was printed or written", () => {
  const [token, key] = [
    lab.facts.tokens.monitor.split("=")[1] ?? "-",
    readFileSync(desk.path("key"), "utf8"),
  ];
  for (const name of ["token", "key"]) rmSync(desk.path(name));
  const text = everythingIn(desk.folder);
  expect(text).not.toContain(token);
  expect(text).not.toContain(key.split("\n")[1]);
});
