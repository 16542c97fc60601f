import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { fakeDocker, openStackDesk } from "./stack-desk.test-helper.ts";

const inventory = ["--inventory", "prod.json"];

describe("render", () => {
  test("the files of the environment monitoring, with its values and what the inventories declare", async () => {
    const { run, files, path } = await openStackDesk('ipv4 = "192.168.1.77/24"\nloki_retention_days = 9\n');
    const { exitCode, stdout, stderr } = await run(["stack", "render", "--out", "rendered", ...inventory]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const listed = stdout.split("\n").flatMap((line) => line.trim().split(/ +/)[1] ?? []);
    expect(listed.sort()).toEqual(files("rendered"));
    const read = (name: string) => readFileSync(path("rendered", name), "utf8");
    expect(read("loki/loki-config.yml")).toContain("216h");
    expect(read("prometheus/targets/node.yml")).toContain("192.168.1.20:9100");
    expect(read("traefik/dynamic/dynamic.yml")).toContain("wiki.home.lan");
    const again = await run(["stack", "render", "--out", "rendered", ...inventory]);
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining("is not empty")]);
  });

  test("a service that is off is in no file; the document has all that is rendered", async () => {
    const { run } = await openStackDesk("loki_enabled = false\n");
    const { stdout } = await run(["stack", "render", "--json", ...inventory]);
    const rendered = JSON.parse(stdout);
    expect(rendered).toMatchObject({ schema_version: 1, command: "stack render", certificates: null });
    expect(Object.keys(rendered.files)).not.toContain("loki/loki-config.yml");
    expect(JSON.stringify(rendered.files)).not.toContain("loki");
  });

  test("a value that the environment refuses is said with its message, and nothing is written", async () => {
    const { run, path } = await openStackDesk("loki_retention_days = 0\n");
    const { exitCode, stderr } = await run(["stack", "render", "--out", "rendered", ...inventory]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("loki_retention_days = 0");
    expect(stderr).not.toContain("main.tf.json");
    expect(existsSync(path("rendered"))).toBe(false);
  });

  test("without the modules it is refused", async () => {
    const { run, write } = await openStackDesk();
    write("elsewhere/monitoring/main.tf", "");
    write("pve-home.yaml", { environments: { monitoring: { directory: "elsewhere/monitoring" } } });
    const { exitCode, stderr } = await run(["stack", "render", ...inventory]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("monitoring-stack/config");
  });
});

describe("up, before anything is started", () => {
  test.each<[string, string[], string]>([
    [
      "no daemon",
      ["version*) echo 'Cannot connect to the Docker daemon at unix:///x' >&2; exit 1 ;;"],
      "systemctl start docker",
    ],
    [
      "no right",
      ["version*) echo 'permission denied while trying to connect to the docker API' >&2; exit 1 ;;"],
      "usermod",
    ],
    ["an old Docker", [`version*) echo '{"Server":{"Version":"19.03.15"}}' ;;`], "19.03.15 is too old"],
    [
      "no Compose",
      ["'compose version'*) echo 'unknown command' >&2; exit 1 ;;"],
      "docs.docker.com/compose/install",
    ],
    ["an old Compose", ["'compose version'*) echo 2.3.0 ;;"], "2.3.0 is too old"],
    ["a Docker elsewhere", ["'context inspect'*) echo ssh://nas ;;"], "unset DOCKER_HOST"],
    ["a stack elsewhere", ["'ps --all'*) echo /opt/other ;;"], "stack down --folder /opt/other"],
  ])("%s: exit code, one message, and no file", async (_, cases, hint) => {
    const desk = await openStackDesk();
    const { exitCode, stdout, stderr } = await desk.run(["stack", "up", ...inventory], {
      env: fakeDocker(desk, cases),
    });
    expect(stdout).toBe("");
    expect(stderr).toContain(hint);
    expect([2, 3]).toContain(exitCode);
    expect(existsSync(desk.path("state"))).toBe(false);
  });

  test("without the program docker it says where to get it", async () => {
    const desk = await openStackDesk();
    const { exitCode, stderr } = await desk.run(["stack", "up", ...inventory], {
      env: { PATH: desk.path("none") },
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("https://docs.docker.com/engine/install/");
  });

  test("ports that are taken are named with the flags that publish elsewhere", async () => {
    const desk = await openStackDesk();
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const address = server.address();
    const taken = typeof address === "object" ? address?.port : 0;
    const { exitCode, stderr } = await desk.run(["stack", "up", ...inventory, "--port", `3000=${taken}`], {
      env: fakeDocker(desk, []),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(String(taken));
    expect(stderr).toContain("pve-home stack up --port 3000=23000");
    expect(existsSync(desk.path("state"))).toBe(false);
  });

  test("a folder of another kind of stack, or with other files, is refused before a lab is started", async () => {
    const desk = await openStackDesk();
    const env = fakeDocker(desk, ["*' ps --all --format json') ;;"]);
    const up = (folder: string) =>
      desk.run(["stack", "up", "--lab", "--folder", folder, ...freePorts], { env });
    desk.write("real/stack.json", { version: 1, files: [], services: {}, service_entries: [] });
    const other = await up("real");
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining("watches the homelab")]);
    desk.write("documents/letter.txt", "");
    const foreign = await up("documents");
    expect([foreign.exitCode, foreign.stderr]).toEqual([2, expect.stringContaining("letter.txt")]);
    expect([...desk.files("real"), ...desk.files("documents")]).toEqual(["stack.json", "letter.txt"]);
  });

  test("a secret of the settings that the stack does not have is refused", async () => {
    const desk = await openStackDesk();
    const settings = JSON.parse(readFileSync(desk.path("pve-home.yaml"), "utf8"));
    settings.stack.secrets["telegram-token"] = "file:pve-exporter.yml";
    desk.write("pve-home.yaml", settings);
    const { exitCode, stderr } = await desk.run(["stack", "up", ...inventory, ...freePorts], {
      env: fakeDocker(desk, []),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("stack.secrets.telegram-token");
  });

  test.each([
    [["--port", "eighty"], "80=8081"],
    [["--port", "80=70000"], "80=8081"],
    [["--image", "traefik"], "traefik=traefik:v3.7.9"],
  ])("%j is refused with a legal example", async (flags, example) => {
    const desk = await openStackDesk();
    const { exitCode, stderr } = await desk.run(["stack", "up", ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(example);
  });
});

/** Not those of programs that run on this machine. */
const documented = [80, 443, 3000, 3001, 3100, 8080, 9080, 9090, 9093, 9100, 9221];
const freePorts = documented.flatMap((port, index) => ["--port", `${port}=${47_801 + index}`]);

test.each([["status"], ["down"], ["status", "--lab"]])(
  "%s without a stack says how to start one",
  async (...words) => {
    const desk = await openStackDesk();
    const { exitCode, stderr } = await desk.run(["stack", ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("pve-home stack up");
  },
);
