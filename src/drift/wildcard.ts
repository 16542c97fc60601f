/** A test for texts: `*` stands for any text, `?` for one character, everything else (`[`, `.`, `"`) for itself. */
export function wildcard(pattern: string): (text: string) => boolean {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : `\\${character}`;
  });
  const expression = new RegExp(`^${source}$`, "s");
  return (text) => expression.test(text);
}
