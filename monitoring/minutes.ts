const units: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

/** Minutes of a duration in whole minutes, hours or days (`2m`, `1h`, `1d`). Throws RangeError for others. */
export function minutes(duration: string): number {
  const [, count, unit = ""] = /^(\d+)([mhd])$/.exec(duration) ?? [];
  const factor = units[unit];
  if (count === undefined || factor === undefined) {
    throw new RangeError(`${JSON.stringify(duration)} is not a duration, for example 5m`);
  }
  return Number(count) * factor;
}
