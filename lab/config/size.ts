const units = ["", "K", "M", "G", "T"] as const;

/** Bytes of `10G`, `512M`, `1.5T` or a plain number of bytes; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = units.indexOf((match[2] ?? "").toUpperCase() as (typeof units)[number]);
  return Math.ceil(Number(match[1]) * 1024 ** unit);
}

/** The largest unit that divides it without remainder, as PVE::JSONSchema::format_size writes it: `32G`. */
export function printSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (unit < units.length - 1 && value >= 1024 && value % 1024 === 0) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${units[unit]}`;
}

export const gibibyte = 1024 ** 3;
