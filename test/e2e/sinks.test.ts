import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ran } from "./cli.test-helper.ts";
import { openHostileHomelab, secret } from "./hostile-homelab.test-helper.ts";

// Whatever answers: nothing that a terminal obeys and no secret leaves the program, on any way out.

let home: Awaited<ReturnType<typeof openHostileHomelab>>;
beforeAll(async () => {
  home = await openHostileHomelab();
});
afterAll(() => home.close());

function expectInert(text: string): void {
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
  for (const encoding of ["utf8", "base64"] as const) {
    const forms = [secret, `x${secret}`, `xx${secret}`].map((value) => Buffer.from(value).toString(encoding));
    for (const form of forms) expect(text).not.toContain(form.slice(4, -4));
  }
}

/** Every file that was written, these among them. */
function expectWrittenInert(...names: string[]): void {
  const given = /^(prod\.json|pve-home\.yaml|bin\/|home\/)/;
  const files = home.desk.files().filter((name) => !given.test(name));
  expect(names.filter((name) => !files.some((file) => file.startsWith(name)))).toEqual([]);
  for (const file of files) expectInert(home.read(file));
}

function expectArrived(text: string, ...sources: string[]): void {
  // In a table a word may end one line and begin the next.
  const joined = text.replace(/\s+/g, "");
  const missing = sources.filter((source) => !joined.includes(`MARK-${source}`));
  expect(missing).toEqual([]);
}

const printed = ({ stdout, stderr }: Ran) => `${stdout}\n${stderr}`;
const health = ["health", "--env", "prod", "--timeout", "30"];

test("health: the table, retry lines, --verbose, HTML, metrics", async () => {
  const ran = await home.run(...health, "--verbose", "--html", "health.html");
  expect(ran.exitCode).toBe(1);
  expectInert(printed(ran));
  expectArrived(ran.stdout, "reason", "output", "name");
  expectArrived(ran.stderr, "reason", "body");
  expectWrittenInert("health.html", "metrics/pve_health.prom", "state/results/");
  expectArrived(home.read("health.html"), "reason", "output", "name");
  expectArrived(home.read("metrics/pve_health.prom"), "name");
});

test("health as JSON", async () => {
  const ran = await home.run(...health, "--json");
  expectInert(printed(ran));
  const document = JSON.parse(ran.stdout);
  const detail = JSON.stringify(document);
  expectArrived(detail, "reason", "output", "name");
  expect(detail).toContain("[secret]");
});

test("drift: verdicts, Terraform's diagnostics, the log file, HTML", async () => {
  const ran = await home.run("drift", "--all", "--verbose", "--html", "drift.html");
  expectInert(printed(ran));
  expectArrived(ran.stdout, "summary", "address", "before", "after");
  const logs = home.desk.files("logs").filter((name) => name.endsWith(".log"));
  expect(logs).toHaveLength(2);
  const files = logs.map((name) => home.read(`logs/${name}`)).join("");
  expectArrived(files, "summary", "address", "before", "after");
  expectWrittenInert("drift.html", "metrics/pve_drift.prom", "logs/drift-", "state/results/");
});

test("drift as JSON", async () => {
  const ran = await home.run("drift", "--all", "--json");
  expectInert(printed(ran));
  expectArrived(JSON.stringify(JSON.parse(ran.stdout)), "summary", "address", "before", "after");
});

test("plan, with the names of outputs", async () => {
  for (const form of [[], ["--json"], ["--verbose"]]) {
    const ran = await home.run("plan", "--all", ...form);
    expectInert(printed(ran));
    expectArrived(ran.stdout, "summary", "address", "output-name");
  }
});

test("what is typed comes back inert", async () => {
  for (const args of [
    ["--\u001b[2J\u202e"],
    ["health", "--env", "\u009b2J"],
    ["health", "--all", "-x", "\u001b]0;"],
  ]) {
    const ran = await home.run(...args);
    expect(ran.exitCode).toBe(2);
    expectInert(printed(ran));
  }
});

test("an error that nothing caught is reported as a bug, and inert", async () => {
  const bug = `if (process.listenerCount("uncaughtException") > 0) throw new Error("\\u001b[2J\\u009b MARK-bug")`;
  const early = `data:text/javascript,${encodeURIComponent(`setInterval(() => { ${bug}; }, 1);`)}`;
  const ran = await home.desk.run(health, { env: { ...home.env, NODE_OPTIONS: `--import=${early}` } });
  expect(ran).toMatchObject({ exitCode: 70, stdout: "" });
  expectInert(ran.stderr);
  expectArrived(ran.stderr, "bug");
});
