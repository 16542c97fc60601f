import { z } from "zod";
import type { Check } from "./check.ts";

/** What is set of the checks, by the name of the check. */
export type SettingsOfChecks = Readonly<Record<string, unknown>>;

/** The shape of `health.checks` in pve-home.yaml: the settings of those checks that have some. */
export function settingsSchemaOf(checks: readonly Check[]): z.ZodType<SettingsOfChecks> {
  return z.strictObject(
    Object.fromEntries(
      checks.flatMap(({ name, settings }) => (settings === undefined ? [] : [[name, settings.schema]])),
    ),
  );
}

/** What is set of a check, or its defaults. */
export function settingsOf(settings: SettingsOfChecks | undefined, { name, settings: own }: Check): unknown {
  return settings?.[name] ?? own?.schema.parse(undefined);
}

/** The lines of `health.checks` in pve-home.example.yaml. */
export function exampleOf(checks: readonly Check[]): string {
  const sections = checks.flatMap(({ name, settings }) =>
    settings === undefined
      ? []
      : [`    ${name}:`, ...settings.example.split("\n").map((line) => `      ${line}`)],
  );
  return sections.length === 0 ? "  checks: {}\n" : `  checks:\n${sections.join("\n")}\n`;
}
