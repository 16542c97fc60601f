/** `1 guest`, `2 guests`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** `web`, `web and db`, `web, db and mail`; beyond `limit`, `web, db and 5 more`. */
export function enumerate(names: readonly string[], limit = 4): string {
  const more = names.length - limit;
  const shown = more > 0 ? [...names.slice(0, limit), `${more} more`] : names;
  const [last, ...others] = shown.toReversed();
  return others.length === 0 ? (last ?? "") : `${others.toReversed().join(", ")} and ${last}`;
}
