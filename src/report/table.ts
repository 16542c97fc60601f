import { paint, type Style } from "./status-words.ts";
import { displayWidth, plain, wrap } from "./terminal-text.ts";

export interface Column {
  title: string;
  align?: "right";
  /** Takes what width is left; one column at most. Where too little is left, its text goes below the row. */
  wraps?: true;
}

export type Cell = string | { text: string; style: Style };

export interface TableOptions {
  /** Columns of the terminal. */
  width: number;
  colour: boolean;
}

const gap = "  ";
/** Below this the wrapping column is a ladder of single words. */
const leastWrapped = 24;
const leastColumn = 6;
const belowIndent = "  ";

/**
 * Lines of a plain text table: a header, one rule, the rows. Cell texts may come from anywhere: they are made
 * `plain` here. No line is wider than `width` (40 or more) and none ends in a blank.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
): string[] {
  const texts = rows.map((row) => columns.map((_, index) => plain(textOf(row[index]))));
  const natural = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...texts.map((row) => displayWidth(row[index] ?? ""))),
  );
  const { widths, below } = layout(columns, natural, options.width);
  const gridLine = (cells: readonly string[], style: (column: number) => Style | undefined) =>
    gridLines(columns, cells, widths, style, options.colour);

  const titles = columns.map((column, index) => (index === below ? "" : column.title));
  const shown = widths.filter((width) => width > 0);
  const total = shown.reduce((sum, width) => sum + width, 0) + gap.length * (shown.length - 1);
  return [
    ...gridLine(titles, () => "bold"),
    paint("─".repeat(below === undefined ? total : options.width), "dim", options.colour),
    ...rows.flatMap((row, index) => {
      const cells = texts[index] ?? [];
      const grid = gridLine(
        cells.map((text, column) => (column === below ? "" : text)),
        (column) => styleOf(row[column]),
      );
      const detail = below === undefined ? "" : (cells[below] ?? "");
      if (detail === "") return grid;
      const beneath = wrap(detail, options.width - belowIndent.length);
      return [...grid, ...beneath.map((line) => `${belowIndent}${line}`)];
    }),
  ];
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "object" ? cell.text : (cell ?? "");
}

function styleOf(cell: Cell | undefined): Style | undefined {
  return typeof cell === "object" ? cell.style : undefined;
}

/** Widths per column (0: not in the grid) and the column, if any, whose text goes below its row. */
function layout(columns: readonly Column[], natural: readonly number[], width: number) {
  const gaps = gap.length * (columns.length - 1);
  const wrapping = columns.findIndex((column) => column.wraps);
  const sum = natural.reduce((total, next) => total + next, 0) + gaps;
  if (sum <= width) return { widths: [...natural], below: undefined };
  if (wrapping === -1) return { widths: shrink(natural, width - gaps), below: undefined };
  const left = width - (sum - (natural[wrapping] ?? 0));
  const widths = [...natural];
  if (left >= leastWrapped) {
    widths[wrapping] = left;
    return { widths, below: undefined };
  }
  widths[wrapping] = 0;
  return { widths: shrink(widths, width - gaps + gap.length), below: wrapping };
}

/** Takes from the widest until all fit. */
function shrink(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  const sum = () => widths.reduce((total, next) => total + next, 0);
  while (sum() > room && Math.max(...widths) > leastColumn) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function gridLines(
  columns: readonly Column[],
  cells: readonly string[],
  widths: readonly number[],
  style: (column: number) => Style | undefined,
  colour: boolean,
): string[] {
  const wrapped = cells.map((text, column) => (text === "" ? [] : wrap(text, widths[column] ?? 0)));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) => {
    let line = "";
    let blanks = 0;
    for (const [column, { align }] of columns.entries()) {
      const width = widths[column] ?? 0;
      if (width === 0) continue;
      const text = wrapped[column]?.[row] ?? "";
      const free = width - displayWidth(text);
      const before = align === "right" ? free : 0;
      if (text !== "") {
        line += `${" ".repeat(blanks + before)}${paint(text, style(column), colour)}`;
        blanks = 0;
      } else {
        blanks += before;
      }
      blanks += free - before + gap.length;
    }
    return line;
  });
}
