import { readFileSync, rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { openHome } from "./home.test-helper.ts";

const count = 40;

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
