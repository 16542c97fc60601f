import { readFileSync, rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { openHome } from "./home.test-helper.ts";

/** Starts of the program, most of what this costs; HOSTILE_ROUNDS=40 was the number that showed lost records. */
const count = Math.max(8, Number(process.env.HOSTILE_ROUNDS ?? 0));

test(`${count} runs at once, each for another guest: every key and every record is kept`, async () => {
  const { desk, control, world, configure, close } = await openHome({ guests: count });
  onTestFinished(close);
  // So many starts at once take their time on a small machine.
  configure({}, (settings) => `${settings}health: { timeout: 120 }\n`);
  rmSync(desk.path("state"), { recursive: true });
  const { guests } = await control.inventory("prod");
  const names = guests.map(({ name }) => name);
  const runs = await Promise.all(names.map((name) => desk.run(["hosts", "trust", "--all", name])));
  expect(runs.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  const { hosts } = JSON.parse(readFileSync(desk.path("state/guests.json"), "utf8"));
  const recorded = Object.values(hosts as Record<string, { name: string }>).map(({ name }) => name);
  expect(recorded.sort()).toEqual(names.toSorted());
  const keys = readFileSync(desk.path("state/known_hosts"), "utf8").trim().split("\n");
  // And those of the nodes that containers are read through.
  expect(keys.length).toBeGreaterThanOrEqual(count);
  const shown = guests.map(({ vmid }) => world.guests[vmid]?.inside.hostKey.publicKey ?? "");
  expect(shown.filter((key) => keys.filter((line) => line.includes(key)).length !== 1)).toEqual([]);
  expect(desk.files("state")).toEqual(["guests.json", "known_hosts"]);
});

test("a container whose node's key is not known: what it says to set is what helps", async () => {
  const { desk, configure, close } = await openHome();
  onTestFinished(close);
  rmSync(desk.path("state"), { recursive: true });
  const node = /pve1: \{ address: (\S+), port: (\d+), host_key: "([^"]+)" \}/;
  let key = "";
  configure({}, (settings) =>
    settings.replace(node, (_, address, port, hostKey) => {
      key = hostKey;
      return `pve1: { address: ${address}, port: ${port} }`;
    }),
  );
  const trust = () => desk.run(["hosts", "trust", "--all", "web-004", "--json"]);
  const failed = await trust();
  expect(failed.exitCode).toBe(3);
  const [outcome] = JSON.parse(failed.stdout).environments[0].guests;
  expect(outcome).toMatchObject({ guest: "web-004", problem: { code: "node-host-key-unknown" } });
  expect(outcome.problem.hint).toContain("host_key: ssh-ed25519");
  const health = await desk.run(["health", "--all", "--component", "web-004"]);
  expect(health.stdout.replace(/\s+/g, " ")).toContain("ssh.nodes.pve1");
  expect(key).toMatch(/^ssh-ed25519 /);
  configure({});
  expect(await trust()).toMatchObject({ exitCode: 0 });
});
