import { readFileSync, rmSync } from "node:fs";
import { test as base, expect } from "vitest";
import { openHome } from "./home.test-helper.ts";

/** What is late on a busy machine is not what is looked at here. */
const patient = (settings: string) => `${settings}health: { timeout: 120 }\n`;

// Each has a lab of its own, so that they can wait at the same time.
const test = base.extend("home", async ({ onTestFinished }) => {
  const home = await openHome();
  home.configure({}, patient);
  onTestFinished(home.close);
  return home;
});

const kept = (files: string[], name: string) => `state/${files.find((file) => file.endsWith(name))}`;

test.concurrent("a stored result of the wrong shape is as good as none, and named once", async ({
  home: { desk, metrics },
}) => {
  const first = await desk.run(["health", "--all"]);
  expect(first, first.stderr).toMatchObject({ exitCode: 0, stderr: "" });
  const file = kept(desk.files("state"), "prod.json");
  desk.write(file, '{"format":1,"result":{}}');
  desk.write(file.replace("health", "drift"), '{"format":1,"result":{"environment":"prod","findings":[{}]}}');
  const ran = await desk.run(["health", "--all", "--html", "report.html", "--exclude", "web-001"]);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(ran.stderr.trim().split("\n")).toEqual([
    expect.stringContaining(desk.path(file)),
    expect.stringContaining(desk.path(file.replace("health", "drift"))),
  ]);
  expect(metrics()).toMatch(/^pve_health_components_total\{env="prod"\} 4$/m);
});

test.concurrent("runs for different parts at once: each finds its place in the last result", async ({
  home: { desk, control, metrics },
}) => {
  await desk.run(["health", "--all"]);
  const names = ["web-001", "web-002", "web-003"];
  for (const name of names) await control.stop(name);
  const runs = names.map((name) => desk.run(["health", "--all", "--component", name]));
  for (const ran of await Promise.all(runs)) expect(ran.exitCode, ran.stderr).toBe(1);
  for (const name of names)
    expect(metrics()).toMatch(new RegExp(`component="${name}",type="\\w+"\\} 1$`, "m"));
});

test.concurrent("a state directory that cannot be written: said, exit code 3, and metrics all the same", async ({
  home: { desk, metrics, configure },
}) => {
  const known = readFileSync(desk.path("state/known_hosts"), "utf8");
  rmSync(desk.path("state"), { recursive: true });
  desk.write("hosts", known);
  desk.write("state", "no folder");
  configure({}, (settings) => patient(settings.replace("ssh: {", "ssh: { known_hosts: hosts,")));
  const ran = await desk.run(["health", "--all"]);
  expect(ran.exitCode, ran.stderr).toBe(3);
  expect(ran.stderr).toContain(desk.path("state"));
  expect(ran.stdout).toMatch(/5 components: 5 ok/);
  expect(metrics()).toMatch(/^pve_health_components_healthy\{env="prod"\} 5$/m);
});

test.concurrent("a name with half of a surrogate pair is refused; nothing is written", async ({
  home: { desk, control },
}) => {
  const inventory = await control.inventory("prod");
  const [first, second] = inventory.guests;
  if (first === undefined || second === undefined) throw new Error("no guests");
  desk.write("prod.json", {
    ...inventory,
    guests: [
      { ...first, name: "a\ud800" },
      { ...second, name: "a\ud801" },
    ],
  });
  const before = desk.files();
  const ran = await desk.run(["health", "--all"]);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ran.stderr).toMatch(/guests\[0\]\.name: must be well-formed Unicode/);
  expect(ran.stderr).toContain("prod.json");
  expect(desk.files()).toEqual(before);
});
