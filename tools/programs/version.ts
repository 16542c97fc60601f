export type Version = readonly [major: number, minor: number, patch: number];

/** Reads the first `1.2.3` (or `1.2`) of a text; a pre-release mark is ignored. */
export function parseVersion(text: string): Version | undefined {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (found === null) return undefined;
  return [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
}

/** True when `version` is `minimum` or newer. */
export function atLeast(version: Version, minimum: Version): boolean {
  for (const i of [0, 1, 2] as const) {
    if (version[i] !== minimum[i]) return version[i] > minimum[i];
  }
  return true;
}
