import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Alert } from "./alert.ts";
import { lintAlert } from "./lint-alert.ts";
import { lintDashboard } from "./lint-dashboard.ts";
import type { Sample } from "./samples/sample.ts";

const root = join(import.meta.dirname, "..");

/** What is wrong with alerts and dashboards; of an alert with file and line. Empty: they can be written. */
export async function problems(
  alerts: readonly Alert[],
  dashboards: readonly object[],
  samples: readonly Sample[],
): Promise<string[]> {
  const names = alerts.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...alerts.flatMap((alert) =>
      lintAlert(alert, samples).map((problem) => `${placeOf(alert.name)}${problem}`),
    ),
    ...[...twice].map((name) => `${placeOf(name)}${name}: two alerts have this name`),
    ...(await Promise.all(dashboards.map((dashboard) => lintDashboard(dashboard, samples)))).flat(),
  ];
}

/** `FILE:LINE: ` of the line that names the alert. */
function placeOf(name: string): string {
  const folder = join(root, "monitoring", "alerts");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const path = join(folder, file);
    const line = readFileSync(path, "utf8")
      .split("\n")
      .indexOf(`  name: ${JSON.stringify(name)},`);
    if (line >= 0) return `${relative(root, path)}:${line + 1}: `;
  }
  return "";
}
