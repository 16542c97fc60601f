/** Takes text as it arrives, and passes on the lines that are complete. Looks at each character once. */
export function byLine(take: (line: string) => void): (text: string) => void {
  let begun: string[] = [];
  return (text) => {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const line = begun.join("") + text.slice(from, end);
      begun = [];
      from = end + 1;
      take(line);
    }
    if (from < text.length) begun.push(text.slice(from));
  };
}
