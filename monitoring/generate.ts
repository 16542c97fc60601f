// node tools/start.mjs monitoring/generate.ts [--check]
// Writes the alert rules, their tests, the runbooks and the dashboards; with --check, says what is not current.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ruleFiles } from "./alerts/index.ts";
import { dashboards } from "./dashboards/index.ts";
import { generatedFolders, outputs } from "./outputs.ts";
import { problems } from "./problems.ts";
import { readSamples } from "./samples/sample.ts";

const root = dirname(import.meta.dirname);
function fail(lines: readonly string[], code = 1): never {
  console.error(lines.join("\n"));
  process.exit(code);
}

const args = process.argv.slice(2);
if (args.some((arg) => arg !== "--check")) fail(["usage: monitoring/generate.ts [--check]"], 2);
const check = args.length > 0;

const samples = readSamples();
const alerts = ruleFiles.flatMap(({ groups }) => groups).flatMap((group) => group.alerts);
const wrong = await problems(
  alerts,
  dashboards.map((build) => build()),
  samples,
);
if (wrong.length > 0) fail(wrong);

const files = outputs();
const read = (path: string) =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
const list = (folder: string) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [];
const stale = [...files].filter(([path, text]) => read(path) !== text);
// Rules and pages of one's own may lie beside ours: they are left alone.
const left = generatedFolders
  .flatMap(list)
  .filter((path) => !files.has(path) && read(path)?.includes("Written from monitoring/alerts"));

if (check && stale.length + left.length > 0) {
  fail([
    ...stale.map(([path]) => `${path} is not current`),
    ...left.map((path) => `${path} is no longer generated`),
    "renew them with: node tools/start.mjs monitoring/generate.ts",
  ]);
}
for (const [path, text] of stale) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`written  ${path}`);
}
for (const path of left) {
  rmSync(join(root, path));
  console.log(`removed  ${path}`);
}
const seriesOf = (origin: string) =>
  samples.filter((sample) => sample.origin === origin).flatMap(({ series }) => series).length;
console.log(`${alerts.length} alerts, ${dashboards.length} dashboards, ${files.size} files`);
console.log(`samples: ${seriesOf("recorded")} series recorded, ${seriesOf("transcribed")} transcribed`);
