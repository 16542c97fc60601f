const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text of the first element of a name; enough for S3's flat replies. */
export function textOf(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
  return found?.replace(/&(?:#(x?)([0-9a-f]+)|([a-z]+));/gi, (whole, hex, number, word) => {
    if (word !== undefined) return entities[word] ?? whole;
    return String.fromCodePoint(Number.parseInt(number, hex ? 16 : 10));
  });
}

/** The inner text of every element of the names, in order. */
export function elementsOf(xml: string, ...names: string[]): string[] {
  const pattern = new RegExp(`<(${names.join("|")})(?:\\s[^>]*)?>([\\s\\S]*?)</\\1>`, "g");
  return [...xml.matchAll(pattern)].map((match) => match[2] ?? "");
}
