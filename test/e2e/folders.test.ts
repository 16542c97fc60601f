import { execFile } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Home, openHome } from "./home.test-helper.ts";
import { openHostileHomelab } from "./hostile-homelab.test-helper.ts";

// Folders that are full, read-only or not there: what does not need them is done, and the rest names the file and why.

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs the command line where the state directory is a disk of its own: 1 MiB, with what was in it before, then `made`
 * by a shell line. Fails where user namespaces are not permitted: this is a test that cannot run, not one to skip.
 */
function onDisk(
  folder: string,
  made: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const prepared =
    'cp -a state kept && mount -t tmpfs -o size=1m tmpfs state && cp -a kept/. state && rm -r kept && eval "$1"';
  const script = `${prepared} && shift && exec "$0" "$@"`;
  const main = join(import.meta.dirname, "../../src/cli/main.ts");
  return new Promise((resolve) => {
    execFile(
      "unshare",
      ["-rm", "sh", "-c", script, process.execPath, made, main, ...args],
      { cwd: folder, env: { PATH: process.env.PATH, HOME: join(folder, "home"), ...env } },
      (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const full = "! cat /dev/zero >state/fill 2>/dev/null";
const readOnly = "mount -o remount,ro state";

describe("health", () => {
  let home: Home;
  beforeAll(async () => {
    home = await openHome();
  });
  afterAll(() => home.close());

  test.each([
    ["full", full, /no space is left/],
    ["read-only", readOnly, /the file system is read-only/],
  ])("with a state directory that is %s: table, metrics and HTML of this run", async (_, made, why) => {
    const ran = await onDisk(home.desk.folder, made, ["health", "--all", "--html", "page.html"]);
    expect(ran.stdout).toMatch(/4 components|web-001/);
    expect(ran.stderr).toMatch(/state\/results\/\S*prod\.json cannot be written: /);
    expect(ran.stderr).toMatch(why);
    expect(ran.exitCode).toBe(3);
    expect(home.metrics()).toContain('component="web-001"');
    expect(readFileSync(home.desk.path("page.html"), "utf8")).toContain("web-001");
    for (const name of ["metrics/pve_health.prom", "page.html"]) rmSync(home.desk.path(name));
  });

  test.each(["gone", "pve-home.yaml"])(
    "with %s as TMPDIR: everything but SSH, which names it",
    async (name) => {
      const TMPDIR = home.desk.path(name);
      const { exitCode, stdout } = await home.desk.run(["health", "--all", "--json"], { env: { TMPDIR } });
      expect(exitCode).toBe(3);
      const checks = JSON.parse(stdout).environments[0].components.flatMap(
        ({ checks }: { checks: { check: string; status: string; detail: string }[] }) => checks,
      );
      const of = (check: string) => checks.filter((one: { check: string }) => one.check === check);
      expect(of("proxmox").map(({ status }: { status: string }) => status)).not.toContain("unknown");
      expect(of("ssh")).not.toEqual([]);
      for (const { status, detail } of of("ssh")) {
        expect(status).toBe("unknown");
        expect(detail).toContain(TMPDIR);
      }
    },
  );
});

describe("drift", () => {
  let home: Awaited<ReturnType<typeof openHostileHomelab>>;
  beforeAll(async () => {
    home = await openHostileHomelab();
  });
  afterAll(() => home.close());

  const authorities = () => home.desk.path("state/proxmox-authorities.pem");
  const drift = ["drift", "--env", "prod"];

  test("with a full state directory: compared all the same, as the authorities did not change", async () => {
    await home.run(...drift);
    const { ino } = statSync(authorities());
    await home.run(...drift);
    expect(statSync(authorities()).ino).toBe(ino);
    const ran = await onDisk(home.desk.folder, full, drift, home.env);
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toMatch(/PENDING/);
    expect(ran.stderr).toMatch(/results\/\S*prod\.json cannot be written: no space is left/);
    expect(home.read("metrics/pve_drift.prom")).toContain('pve_drift_status{env="prod"} 1');
  });

  test("with a full state directory and authorities that have to be written: that is what is said", async () => {
    const made = `rm -f state/proxmox-authorities.pem; ${full}`;
    const ran = await onDisk(home.desk.folder, made, drift, home.env);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout.replace(/\s+/g, "")).toMatch(/proxmox-authorities\.pemcannotbewritten:nospaceisleft/);
  });

  test("without a folder for temporary files, it is named", async () => {
    const TMPDIR = home.desk.path("gone");
    const ran = await home.desk.run(drift, { env: { ...home.env, TMPDIR } });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout.replace(/\s+/g, "")).toContain(`below${TMPDIR}:thereisnosuchfile`);
  });
});

test("a TMPDIR that is relative and paths with control characters are refused at the start", async () => {
  const home = await openHostileHomelab();
  for (const env of [
    { TMPDIR: "tmp" },
    { TMPDIR: "/tmp/a\nb" },
    { HOME: `${home.desk.folder}\n/x` },
    { HOME: "/a\u001b" },
  ]) {
    const ran = await home.desk.run(["health", "--all"], { env });
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toMatch(/the variable (TMPDIR|HOME)/);
  }
  await home.close();
});
