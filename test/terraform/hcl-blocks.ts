export interface Block {
  /** The first label; empty for a block without. */
  readonly name: string;
  /** Its lines, as if they stood at the margin. */
  readonly body: string;
}

/** The blocks of one kind at the margin of HCL as `fmt` leaves it, in their order. */
export function blocks(kind: string, hcl: string): Block[] {
  const found = hcl.matchAll(new RegExp(`^${kind}(?: "([^"]+)")* \\{\\n([\\s\\S]*?)^\\}`, "gm"));
  return [...found].map((block) => ({
    name: block[1] ?? "",
    body: (block[2] ?? "").replaceAll(/^ {2}/gm, ""),
  }));
}

/** The attributes at the margin by name, each with its text, name and all. */
export function attributes(hcl: string): Map<string, string> {
  const found = hcl
    .split(/^(?=\w+\s+=)/m)
    .map((written) => [/^\w+(?=\s+=)/.exec(written)?.[0], written] as const);
  return new Map(found.flatMap(([name, written]) => (name === undefined ? [] : [[name, written]])));
}

/** The text of a string attribute, quotes unescaped and templates as they are; undefined where there is none. */
export function text(attribute: string, hcl: string): string | undefined {
  const written = new RegExp(`^${attribute}\\s+= "(.*)"$`, "m").exec(hcl)?.[1];
  return written?.replaceAll(/\\(["\\])/g, "$1");
}
