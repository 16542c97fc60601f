import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test as base, describe, expect } from "vitest";
import type { LabFacts } from "../../lab/lab.ts";
import { openDesk, type Ran } from "./cli.test-helper.ts";

const freePorts = ["--port", "0", "--ssh-port", "0"];

function openHome() {
  const desk = openDesk();
  const started: number[] = [];
  const lab = (...args: string[]): Promise<Ran> => desk.run(["lab", ...args, "--dir", "lab"]);
  return {
    desk,
    lab,
    /** Processes to end after the test. */
    started,
    async up(...args: string[]): Promise<LabFacts> {
      const ran = await lab("up", "--detach", "--json", ...freePorts, ...args);
      expect(ran, ran.stderr).toMatchObject({ exitCode: 0, stderr: "" });
      const facts: LabFacts = JSON.parse(ran.stdout);
      started.push(facts.pid);
      return facts;
    },
    close() {
      for (const pid of started) end(pid);
      desk.close();
    },
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {}
}

const test = base.extend("home", ({ onTestFinished }) => {
  const home = openHome();
  onTestFinished(home.close);
  return home;
});

test.concurrent("up, look, change, break, mend, down; up again finds it as it was", async ({
  home: { desk, lab, up },
}) => {
  await up("--nodes", "a,b", "--guests", "2");
  expect((await lab("guest", "create", "db")).stdout).toBe("db: create\n");
  expect((await lab("guest", "set", "db", "memory=2048")).exitCode).toBe(0);
  expect((await lab("break", "agent-silent", "db")).stdout).toMatch(/^agent-silent on db: on/);
  expect((await lab("break")).stdout).toMatch(/^api-hang/);
  const status = await lab("status");
  expect(status).toMatchObject({ exitCode: 0, stderr: "" });
  expect(status.stdout).toMatch(/^up at https:[^\n]*\nfaults: agent-silent on 100\n\n[\s\S]*web-001/);
  expect((await lab("mend")).stdout).toBe("off: agent-silent on 100\n");
  expect((await lab("down")).stdout).toBe("the lab is down\n");
  expect(readdirSync(desk.path("lab")).sort()).toEqual([
    "lab.log",
    "pve-root-ca.pem",
    "pve-ssl.key",
    "storage",
    "world.json",
  ]);
  expect((await up("--listen", "127.0.0.2")).addresses).toEqual(["127.0.0.1", "127.0.0.2"]);
  const document = JSON.parse((await lab("status", "--json")).stdout);
  expect(document.guests).toContainEqual(expect.objectContaining({ vmid: 100, name: "db" }));
  await lab("down");
  await up("--fresh");
  expect((await lab("status")).stdout).toMatch(/no guests yet/);
});

test.concurrent("a second one is refused in plain words, --fresh too, and harms nothing", async ({
  home: { desk, lab, up },
}) => {
  await up("--guests", "1");
  await lab("guest", "set", "web-001", "memory=3072");
  await expect.poll(() => readFileSync(desk.path("lab/world.json"), "utf8")).toContain('"3072"');
  for (const more of [["--detach", "--fresh"], ["--fresh"]]) {
    const before = desk.files("lab").map((name) => [name, readFileSync(desk.path("lab", name), "utf8")]);
    const ran = await lab("up", ...freePorts, ...more);
    expect(ran).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ran.stderr.match(/a lab runs in/g)).toHaveLength(1);
    expect(ran.stderr).toMatch(/pve-home lab down stops it/);
    expect(desk.files("lab").map((name) => [name, readFileSync(desk.path("lab", name), "utf8")])).toEqual(
      before,
    );
  }
});

test.concurrent("of two at once one is up", async ({ home: { lab, started } }) => {
  const both = await Promise.all([1, 2].map(() => lab("up", "--detach", "--json", ...freePorts)));
  for (const { stdout } of both) if (stdout !== "") started.push(JSON.parse(stdout).pid);
  expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3]);
  expect((await lab("status")).exitCode).toBe(0);
});

describe.concurrent("a lab that is gone", () => {
  test("says so, and another process with its number is left alone", async ({
    home: { desk, lab, started, up },
  }) => {
    const facts = await up();
    end(facts.pid);
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    started.push(other.pid ?? 0);
    desk.write("lab/lab.json", { ...facts, pid: other.pid });
    for (const args of [["status"], ["break", "api-hang"], ["guest", "stop", "web"], ["down"]]) {
      const ran = await lab(...args);
      expect(ran, args.join(" ")).toMatchObject({ exitCode: 3, stdout: "" });
      expect(ran.stderr).toMatch(
        /no lab runs in .*: process \d+, .* does not answer[\s\S]*pve-home lab up --detach/,
      );
    }
    expect(other).toMatchObject({ exitCode: null, signalCode: null });
    await up();
  });

  test("or stopped, is not waited for without end", async ({ home: { lab, up } }) => {
    const { pid } = await up();
    process.kill(pid, "SIGSTOP");
    const ran = await lab("status");
    expect(ran).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ran.stderr).toMatch(/\(process \d+\) does not answer; it hangs or was stopped/);
  });
});

test.concurrent.for<[string[], RegExp]>([
  [["--listen", "0.0.0.0"], /0\.0\.0\.0" is no address of this machine[\s\S]*--listen 192/],
  [["--port", "99999"], /Expected a whole number from 0 to 65535, for example 8006/],
  [["--port", "1.5"], /Expected a whole number from 0 to 65535, for example 8006/],
  [["--ssh-port", "-1"], /Expected a whole number from 0 to 65535, for example 2222/],
  [["--guests", "1.5"], /Expected a whole number from 0 to 10000, for example 10/],
  [["--nodes", "a b"], /"a b" is no name of a node[\s\S]*--nodes pve1,pve2/],
  [["--authorize", "/dev/null"], /is not a public key/],
])("up %s: exit code 2, and nothing is written", async ([args, text], { home: { desk, lab } }) => {
  for (const more of [[], ["--detach"]]) {
    const ran = await lab("up", ...args, ...more);
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toMatch(text);
    expect(existsSync(desk.path("lab"))).toBe(false);
  }
});

test.concurrent.for(["file", "file/below"])(
  "up --dir %s, which is no folder, is no bug",
  async (dir, { home: { desk } }) => {
    desk.write("file", "mine");
    for (const more of [[], ["--detach"]]) {
      const ran = await desk.run(["lab", "up", ...freePorts, "--dir", dir, ...more]);
      expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
      expect(ran.stderr).toMatch(/cannot be the lab's folder: (it|a part of its path) is a file[\s\S]*--dir/);
    }
    expect(desk.files()).toEqual(["file"]);
  },
);

test.concurrent("what Proxmox refuses is refused by hand as well, and one name is one guest", async ({
  home: { lab, up },
}) => {
  await up();
  await lab("guest", "create", "db");
  for (const [args, text] of [
    [
      ["set", "db", "memory=abc"],
      /Parameter verification failed. memory: .*type check \('integer'\) failed - got 'abc'/,
    ],
    [["set", "db", "foo=bar"], /foo: property is not defined in schema/],
    [["create", "weird name"], /name: .*valid DNS name/],
    [["create", "db"], /a guest named 'db' is there already: 100/],
    [["stop", "web"], /no guest 'web'; there are: .*100 \(db\)/],
    [["explode", "db"], /is not a change of a guest/],
  ] as const) {
    const ran = await lab("guest", ...args);
    expect(ran, args.join(" ")).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toMatch(text);
  }
});

test.concurrent("help says the same everywhere, and is no command of its own", async ({ home: { desk } }) => {
  for (const name of ["", "up", "status", "break", "mend", "guest", "down"]) {
    const { exitCode, stdout } = await desk.run(["lab", ...(name === "" ? [] : [name]), "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/-h, --help +print help/);
    expect(stdout).not.toMatch(/^ +help /m);
  }
});
