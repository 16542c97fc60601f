const escapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
};

/** `%s`, `%d`, `%%` and backslashes; the format is used again while values are left, as in POSIX. */
export function printf(format: string, values: string[]): string {
  const rest = [...values];
  let printed = "";
  do {
    const before = rest.length;
    printed += format.replace(/%([sd%])|\\([0-7]{1,3}|.)/g, (all, conversion?: string, escaped = "") => {
      if (conversion === "%") return "%";
      if (conversion === "s") return rest.shift() ?? "";
      if (conversion === "d") return String(Math.trunc(Number(rest.shift() ?? 0)) || 0);
      if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8));
      return escapes[escaped] ?? all;
    });
    if (rest.length === before) break;
  } while (rest.length > 0);
  return printed;
}
