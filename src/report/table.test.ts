import { expect, test } from "vitest";
import { type Column, tableLines } from "./table.ts";
import { displayWidth } from "./terminal-text.ts";
import { hostile } from "./test-reports.ts";

const columns: Column[] = [
  { title: "name" },
  { title: "detail", wraps: true },
  { title: "took", align: "right" },
];
const long = "connection refused by 192.168.1.105 port 22 while looking for the Docker service";

test("columns are aligned and no line ends in a blank", () => {
  const rows = [
    ["web", "fine", "40 ms"],
    ["日本", "also fine", ""],
  ];
  expect(tableLines(columns, rows, { width: 80, colour: false })).toEqual([
    "name  detail      took",
    "──────────────────────",
    "web   fine       40 ms",
    "日本  also fine",
  ]);
});

test("the detail wraps in its own column", () => {
  const lines = tableLines(columns, [["web", long, "40 ms"]], { width: 60, colour: false });
  expect(lines.slice(2)).toEqual([
    "web   connection refused by 192.168.1.105 port 22      40 ms",
    "      while looking for the Docker service",
  ]);
});

test("where too little room is left the detail goes below its row", () => {
  const rows = [["web-with-a-long-name", long, "40 ms"]];
  expect(tableLines(columns, rows, { width: 40, colour: false })).toEqual([
    "name                   took",
    "────────────────────────────────────────",
    "web-with-a-long-name  40 ms",
    "  connection refused by 192.168.1.105",
    "  port 22 while looking for the Docker",
    "  service",
  ]);
});

test("no line is wider than the terminal, whatever the cells hold", () => {
  const rows = [
    ["x".repeat(70), long.repeat(5), "1 h 2 min"],
    ["漢".repeat(50), "🚀".repeat(90), hostile],
  ];
  for (const width of [40, 60, 80, 200]) {
    const lines = tableLines(columns, rows, { width, colour: false });
    expect(lines.filter((line) => displayWidth(line) > width || line !== line.trimEnd())).toEqual([]);
  }
});

test("colour is on the text alone and only when asked for", () => {
  const rows = [[{ text: "FAIL", style: "red" as const }, "x", ""]];
  expect(tableLines(columns, rows, { width: 80, colour: true })[2]).toBe("\ufdd031mFAIL\ufdd039m  x");
  expect(tableLines(columns, rows, { width: 80, colour: false }).join("\n")).not.toContain("\ufdd0");
});

test("a cell cannot bring its own escapes or lines", () => {
  const lines = tableLines(columns, [[hostile, hostile, hostile]], { width: 200, colour: false });
  expect(lines).toHaveLength(3);
  expect(lines.join("")).not.toMatch(/\p{Cc}|\u202e/u);
});
