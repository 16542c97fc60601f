// Every `Secret` makes itself known here, so that no text that leaves the program has to be told which ones there are.

const shown = "[secret]";
/** From here on a value is taken out wherever it stands. */
const long = 8;
/** Below this nothing is: it would take ordinary words apart. */
const shortest = 4;

const known = new Set<string>();
let pattern: RegExp | undefined;

/** From now on `redact` takes this value out, and the forms in which a server may send it back. */
export function remember(value: string): void {
  for (const form of [value, ...derived(value)]) if (isTelling(form)) known.add(form);
  pattern = undefined;
}

/** The text with `[secret]` in place of every known secret, of two that overlap the longer. */
export function redact(text: string): string {
  if (known.size === 0) return text;
  pattern ??= new RegExp(
    [...known]
      .sort((a, b) => b.length - a.length)
      .map(patternOf)
      .join("|"),
    "gu",
  );
  return text.replace(pattern, shown);
}

/** An S3 access key or a password is often such a word: `terraform`, `minioadmin`. */
const ordinaryWord = /^\p{Ll}{1,11}$/u;

/**
 * A short value counts as a whole word alone, and only if it is of letters and something else: `minio` and `8006`
 * are as well the name of a guest and a port, and `[secret]` in their place would tell what the secret is. The same
 * holds for an ordinary word, which stands in commands and messages.
 */
function isTelling(form: string): boolean {
  if (ordinaryWord.test(form)) return false;
  if (form.length >= long) return form !== "pve-home";
  return form.length >= shortest && /\p{L}/u.test(form) && /[^\p{L}\s]/u.test(form);
}

function patternOf(form: string): string {
  const exact = form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return form.length >= long ? exact : `(?<![\\p{L}\\p{N}])${exact}(?![\\p{L}\\p{N}])`;
}

function derived(value: string): string[] {
  const trimmed = value.trim();
  const lines = trimmed.split("\n").map((line) => line.trim());
  const parts = [
    trimmed,
    // Of a Proxmox token, `USER@REALM!NAME=SECRET`.
    trimmed.slice(trimmed.lastIndexOf("=") + 1),
    // A key of several lines may come back in part; its frame is no secret.
    ...lines.filter((line) => lines.length > 1 && line.length >= 2 * long && !line.startsWith("-----")),
  ];
  return parts.flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    ...percentEncoded(part),
    ...inBase64(part),
  ]);
}

function percentEncoded(value: string): string[] {
  const strict = encodeURIComponent(value.toWellFormed());
  const form = new URLSearchParams({ "": value }).toString().slice(1);
  const small = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [strict, form, small(strict), small(form)];
}

/** What base64 of a longer text (`USER:PASSWORD`) has of the value, at each of the three places it can begin at. */
function inBase64(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from(" ".repeat(before) + value);
    const text = bytes.toString("base64").replace(/=+$/, "");
    // Characters of which every bit is the value's: six bits each.
    const pure = text.slice(before === 0 ? 0 : before + 1, Math.floor((bytes.length * 8) / 6));
    return pure.length < long ? [] : [pure, pure.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
