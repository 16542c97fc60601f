import { afterAll, beforeAll, expect, test } from "vitest";
import { type Aftermath, endings, type Kill, type Killing, openKilling } from "./killed-apply.ts";
import { randomNumbers, rounds, seed } from "./random.ts";

// `apply` is killed at random moments, in the four ways in which a terminal or a system does it: what was made on the lab
// is in the state, or drift says in one finding how it comes there. HOSTILE_ROUNDS says how often, over all four; without
// it (npm test) once, in the one that the seed chooses.

const lanes = rounds === 0 ? 1 : 2;
const each = Math.max(1, Math.ceil(rounds / endings.length));
const random = randomNumbers(seed);
const chosen = rounds > 0 ? endings : endings.filter((_, index) => index === seed % endings.length);
const kills = chosen.flatMap((ending) =>
  Array.from({ length: each }, (): Kill => {
    // Most of them while guests are made, which is when something can be lost.
    const after = random() < 0.8 || rounds === 0 ? "creating" : "start";
    const ms = Math.round(random() * (after === "start" ? 3000 : 3500));
    return { ending, after, ms, numbered: random() < 0.6 };
  }),
);
let killings: Killing[] = [];

beforeAll(async () => {
  console.log(`HOSTILE_SEED=${seed}`);
  killings = await Promise.all(Array.from({ length: lanes }, openKilling));
});
afterAll(() => Promise.all(killings.map((killing) => killing.close())));

test(
  `apply killed ${kills.length} times: no guest is lost`,
  async () => {
    const queue = [...kills];
    const outcomes: { kill: Kill; aftermath: Aftermath }[] = [];
    await Promise.all(
      killings.map(async (killing) => {
        for (let kill = queue.shift(); kill !== undefined; kill = queue.shift()) {
          outcomes.push({ kill, aftermath: await killing.kill(kill) });
        }
      }),
    );
    console.log(summaryOf(outcomes.map(({ aftermath }) => aftermath)));
    expect(outcomes).toHaveLength(kills.length);
    for (const { kill, aftermath } of outcomes) {
      const { found, mended, left } = aftermath;
      const said = JSON.stringify({ kill, aftermath }, null, 2);
      expect(
        found.filter(({ findings, back }) => findings.length !== 1 || !back),
        said,
      ).toEqual([]);
      if (mended !== undefined) expect(mended, said).toMatchObject({ exitCode: 0, destroyed: [] });
      expect(left, said).toEqual([]);
    }
  },
  60_000 * (kills.length + 2),
);

function summaryOf(all: readonly Aftermath[]): string {
  const count = (list: (aftermath: Aftermath) => readonly unknown[]) => all.flatMap(list).length;
  return `${all.length} kills: ${count(({ made }) => made)} guests made, ${count(({ inState }) => inState)} in the state, ${count(({ found }) => found)} brought back by the command of drift`;
}
