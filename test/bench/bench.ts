import { driftEnvironments } from "./drift-environments.ts";
import { driftLarge } from "./drift-large.ts";
import { healthCpu, healthGrowth, healthHanging, healthSlowGuest } from "./health.ts";
import { median, type Row } from "./row.ts";
import { startUp } from "./start-up.ts";

// `npm run bench [NAME…]`: ratios against what one would use instead; medians of several rounds in turns.

const rows: readonly Row[] = [
  startUp,
  driftLarge,
  driftEnvironments,
  healthCpu,
  healthSlowGuest,
  healthGrowth,
  healthHanging,
];

const asked = process.argv.slice(2);
const chosen = rows.filter((row) => asked.length === 0 || asked.includes(row.name));
if (chosen.length === 0) {
  console.error(`pve-home: no such row; there is ${rows.map((row) => row.name).join(", ")}`);
  process.exit(2);
}
for (const row of chosen) {
  const results: { ours: number; floor: number }[] = [];
  // The first round fills caches and is not counted.
  await row.measure();
  for (let round = 0; round < row.rounds; round++) results.push(await row.measure());
  await row.close?.();
  const unit = (row.unit ?? "ms").padEnd(2);
  const ours = median(results.map((result) => result.ours));
  const floor = median(results.map((result) => result.floor));
  const ratio = median(results.map((result) => result.ours / result.floor));
  console.log(
    [
      row.name,
      `  ours    ${ours.toFixed(1).padStart(9)} ${unit}  ${row.ours}`,
      `  against ${floor.toFixed(1).padStart(9)} ${unit}  ${row.floor}`,
      `  ratio   ${ratio.toFixed(2).padStart(9)}     target ≤ ${row.target}${ratio > row.target ? "  ABOVE" : ""}`,
      "",
    ].join("\n"),
  );
}
