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
export function printf(format: string, values: string[]): { text: string; notNumbers: string[] } {
  const rest = [...values];
  const notNumbers: string[] = [];
  let printed = "";
  do {
    const before = rest.length;
    printed += format.replace(/%([sd%])|\\([0-7]{1,3}|.)/g, (all, conversion?: string, escaped = "") => {
      if (conversion === "%") return "%";
      if (conversion === "s") return rest.shift() ?? "";
      if (conversion === "d") {
        const value = rest.shift() ?? "0";
        if (!/^[-+]?\d+$/.test(value)) notNumbers.push(value);
        return String(Number.parseInt(value, 10) || 0);
      }
      if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8));
      return escapes[escaped] ?? all;
    });
    if (rest.length === before) break;
  } while (rest.length > 0);
  return { text: printed, notNumbers };
}
