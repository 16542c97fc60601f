import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import { declared } from "../apply/changed-guests.ts";
import { randomNumbers, rounds, seed } from "./random.ts";

// Runs of all environments are interrupted at random moments: no private copy stays behind, and nothing else either.

const commands = [
  ["drift", "--all"],
  ["plan", "--all"],
  ["health", "--all"],
  ["hosts", "trust", "--all", "--dry-run"],
];
const times = Math.max(commands.length, rounds);
const random = randomNumbers(seed + 1);
const interrupts = Array.from({ length: times }, (_, index) => ({
  command: commands[index % commands.length] ?? [],
  signal: random() < 0.5 ? ("SIGINT" as const) : ("SIGTERM" as const),
  // Most of them from the moment on when there is something to leave behind.
  after: random() < 0.8 ? ("copy" as const) : ("start" as const),
  ms: Math.round(random() * 1500),
}));
let desk: ApplyDesk;

beforeAll(async () => {
  console.log(`HOSTILE_SEED=${seed}`);
  desk = await openApplyDesk();
  await desk.lab.declare("prod", declared({ containers: { dns: { vm_id: 303 } } }));
  await desk.lab.declare("lab", "");
});
afterAll(() => desk?.close());

const left = () => readdirSync(desk.desk.path("tmp"));

test(
  `${times} interrupts of runs of all environments: nothing is left in TMPDIR`,
  async () => {
    const codes: (number | null)[] = [];
    for (const { command, signal, after, ms } of interrupts) {
      const run = desk.start(command);
      if (after === "copy") await run.until(() => left().length > 0).catch(() => undefined);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      await Promise.race([promise, run.done]);
      clearTimeout(timer);
      run.signal(signal);
      const { exitCode, stderr } = await run.done;
      codes.push(exitCode);
      expect({ left: left(), command, signal, after, ms, exitCode, stderr }).toMatchObject({ left: [] });
    }
    const interrupted = codes.filter((code) => code === 4).length;
    console.log(`${times} runs, ${interrupted} of them ended by the interrupt`);
    expect(codes).toHaveLength(times);
  },
  10_000 * (times + 6),
);
