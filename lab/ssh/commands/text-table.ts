/** The frame of PVE::CLIFormatter; the first row is the head. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const rule = (left: string, line: string, cross: string, right: string) =>
    `${left}${widths.map((width) => line.repeat(width + 2)).join(cross)}${right}\n`;
  const lines = rows.map(
    (row) => `│${widths.map((width, at) => ` ${(row[at] ?? "").padEnd(width)} `).join("│")}│\n`,
  );
  const [head = "", ...body] = lines;
  return [
    rule("┌", "─", "┬", "┐"),
    head,
    rule("╞", "═", "╪", "╡"),
    body.join(rule("├", "─", "┼", "┤")),
    rule("└", "─", "┴", "┘"),
  ].join("");
}
