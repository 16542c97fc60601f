import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Configuration, settingPath } from "./configuration.ts";

const usual = "/var/lib/prometheus/node-exporter";

/**
 * Where metrics go: the flag, the setting, else node-exporter's usual folder. `undefined` where none was named
 * and the usual one is absent: then nothing is written.
 */
export function metricsDirectory(
  configuration: Configuration,
  cwd: string,
  flag: string | undefined,
): string | undefined {
  if (flag !== undefined) return resolve(cwd, flag);
  const setting = configuration.settings.metrics.directory;
  if (setting !== undefined) return settingPath(configuration, setting);
  return existsSync(usual) ? usual : undefined;
}

export const usualMetricsDirectory = usual;
