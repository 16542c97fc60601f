// node tools/start.mjs monitoring/generate.ts [--check]
// Writes the alert rules, their tests, the runbooks and the dashboards; with --check, says what is not current.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ruleFiles } from "./alerts/index.ts";
import { dashboards } from "./dashboards/index.ts";
import { lintAlert } from "./lint-alert.ts";
import { lintDashboard } from "./lint-dashboard.ts";
import { generatedFolders, outputs } from "./outputs.ts";
import { readSamples } from "./samples/sample.ts";

const root = dirname(import.meta.dirname);
const check = process.argv.includes("--check");

function fail(lines: readonly string[]): never {
  console.error(lines.join("\n"));
  process.exit(1);
}

const samples = readSamples();
const alerts = ruleFiles.flatMap(({ groups }) => groups).flatMap((group) => group.alerts);
const problems = alerts.flatMap((alert) => lintAlert(alert, samples));
for (const build of dashboards) problems.push(...(await lintDashboard(build(), samples)));
const names = alerts.map(({ name }) => name);
problems.push(
  ...names
    .filter((name, at) => names.indexOf(name) !== at)
    .map((name) => `${name}: two alerts have this name`),
);
if (problems.length > 0) fail(problems);

const files = outputs();
const stale = [...files]
  .filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text)
  .map(([path]) => path);
const left = generatedFolders
  .flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [],
  )
  .filter((path) => !files.has(path));

if (check && stale.length + left.length > 0) {
  fail([
    ...stale.map((path) => `${path} is not current`),
    ...left.map((path) => `${path} is no longer generated`),
    "renew them with: node tools/start.mjs monitoring/generate.ts",
  ]);
}
for (const path of stale) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), files.get(path) ?? "");
  console.log(`written  ${path}`);
}
for (const path of left) {
  rmSync(join(root, path));
  console.log(`removed  ${path}`);
}
const series = (origin: string) =>
  samples.filter((sample) => sample.origin === origin).flatMap((sample) => sample.series).length;
console.log(
  `${alerts.length} alerts, ${files.size} files; samples: ${series("recorded")} series recorded, ${series("transcribed")} transcribed`,
);
