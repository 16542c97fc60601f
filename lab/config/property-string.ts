/** The parts of a Proxmox property string, in the order written. */
export type Properties = Map<string, string>;

/**
 * Parses `value,key=value,…`. A part without `=` becomes `bareKey`; empty parts (a trailing comma) are dropped;
 * the aliases are renamed (`file` and `volume` to `bareKey` for drives, for example).
 */
export function parseProperties(text: string, bareKey: string, aliases: readonly string[] = []): Properties {
  const properties: Properties = new Map();
  for (const part of text.split(",")) {
    if (part.trim() === "") continue;
    const split = part.indexOf("=");
    const key = split < 0 ? bareKey : part.slice(0, split).trim();
    const value = split < 0 ? part.trim() : part.slice(split + 1).trim();
    properties.set(aliases.includes(key) ? bareKey : key, value);
  }
  return properties;
}

/** Prints the bare value first, then `key=value` in the order of the map. */
export function printProperties(properties: Properties, bareKey?: string): string {
  const bare = bareKey === undefined ? undefined : properties.get(bareKey);
  const rest = [...properties].filter(([key]) => key !== bareKey).map(([key, value]) => `${key}=${value}`);
  return (bare === undefined ? rest : [bare, ...rest]).join(",");
}
