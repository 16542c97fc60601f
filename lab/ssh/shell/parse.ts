import type { Command, Item, List, Parsed, Part, Redirect, Word } from "./syntax.ts";

/** Reads shell text; what the small language does not have (`if`, functions, here documents) is an error. */
export function parseShell(text: string): Parsed {
  const reader = { text, at: 0 };
  try {
    const list = readList(reader, "");
    return { kind: "list", list };
  } catch (problem) {
    if (problem === incomplete) return { kind: "incomplete" };
    if (typeof problem === "string") return { kind: "error", message: problem };
    throw problem;
  }
}

interface Reader {
  text: string;
  at: number;
}

const incomplete = Symbol("incomplete");
const reserved = [
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "for",
  "while",
  "until",
  "do",
  "done",
  "case",
  "esac",
  "}",
];
const operatorCharacters = " \t\n;&|()<>";

/** Reads up to `end` (`}`, `)`, or "" for the end of the text) and past it. */
function readList(reader: Reader, end: "" | "}" | ")"): List {
  const list: List = [];
  let when: Item["when"] = "always";
  for (;;) {
    skipSpace(reader, true);
    if (reader.at >= reader.text.length) {
      if (end !== "" || when !== "always") throw incomplete;
      return list;
    }
    if (end !== "" && reader.text[reader.at] === end && when === "always") {
      reader.at += 1;
      return list;
    }
    list.push(readPipeline(reader, when));
    skipSpace(reader, false);
    if (take(reader, "&&")) when = "success";
    else if (take(reader, "||")) when = "failure";
    else if (take(reader, ";") || take(reader, "\n") || reader.at >= reader.text.length) when = "always";
    else if (end === ")" && reader.text[reader.at] === ")") when = "always";
    else throw unexpected(reader);
  }
}

function readPipeline(reader: Reader, when: Item["when"]): Item {
  const negated = /^!\s/.test(reader.text.slice(reader.at, reader.at + 2));
  if (negated) reader.at += 2;
  const pipeline: Command[] = [];
  for (;;) {
    skipSpace(reader, pipeline.length > 0);
    if (pipeline.length > 0 && reader.at >= reader.text.length) throw incomplete;
    pipeline.push(readCommand(reader));
    skipSpace(reader, false);
    if (reader.text.startsWith("||", reader.at) || !take(reader, "|")) return { when, negated, pipeline };
  }
}

function readCommand(reader: Reader): Command {
  skipSpace(reader, false);
  const redirects: Redirect[] = [];
  if (/^\{[\s]/.test(reader.text.slice(reader.at, reader.at + 2)) || reader.text.slice(reader.at) === "{") {
    reader.at += 1;
    const list = readList(reader, "}");
    readRedirects(reader, redirects);
    return { kind: "group", list, redirects };
  }
  if (take(reader, "(")) {
    const list = readList(reader, ")");
    readRedirects(reader, redirects);
    return { kind: "group", list, redirects };
  }
  const words: Word[] = [];
  for (;;) {
    readRedirects(reader, redirects);
    const next = reader.text[reader.at];
    if (next === undefined || operatorCharacters.includes(next)) break;
    const start = reader.at;
    words.push(readWord(reader));
    const bare = reader.text.slice(start, reader.at);
    if (words.length === 1 && reserved.includes(bare)) throw `"${bare}" unexpected`;
  }
  if (words.length === 0 && redirects.length === 0) throw unexpected(reader);
  return { kind: "simple", words, redirects };
}

function readRedirects(reader: Reader, into: Redirect[]): void {
  for (;;) {
    skipSpace(reader, false);
    const found = /^([012]?)(>>|>&|<&|<<|>|<)/.exec(reader.text.slice(reader.at, reader.at + 3));
    if (found === null) return;
    const [all, digit = "", operator] = found;
    if (operator === "<<" || operator === "<&") throw unexpected(reader);
    reader.at += all.length;
    skipSpace(reader, false);
    if (reader.at >= reader.text.length) throw incomplete;
    const from = digit === "" ? (operator === "<" ? 0 : 1) : (Number(digit) as 0 | 1 | 2);
    if (operator === ">&") {
      const target = reader.text[reader.at];
      if (from === 0 || (target !== "1" && target !== "2")) throw unexpected(reader);
      reader.at += 1;
      into.push({ from, to: target === "1" ? 1 : 2 });
    } else {
      const mode = operator === "<" ? "read" : operator === ">>" ? "append" : "write";
      into.push({ from, to: "file", mode, word: readWord(reader) });
    }
  }
}

function readWord(reader: Reader): Word {
  const parts: Part[] = [];
  let quoted = false;
  const add = (text: string) => parts.push({ kind: "text", text });
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || operatorCharacters.includes(next)) break;
    if (next === "`") throw unexpected(reader);
    reader.at += 1;
    if (next === "'") {
      const close = reader.text.indexOf("'", reader.at);
      if (close < 0) throw incomplete;
      add(reader.text.slice(reader.at, close));
      reader.at = close + 1;
      quoted = true;
    } else if (next === '"') {
      readDoubleQuoted(reader, parts);
      quoted = true;
    } else if (next === "\\") {
      const escaped = reader.text[reader.at];
      if (escaped === undefined) throw incomplete;
      reader.at += 1;
      if (escaped !== "\n") add(escaped);
    } else if (next === "$") parts.push(readDollar(reader));
    else add(next);
  }
  if (parts.length === 0 && !quoted) throw unexpected(reader);
  return { parts, quoted };
}

function readDoubleQuoted(reader: Reader, parts: Part[]): void {
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined) throw incomplete;
    reader.at += 1;
    if (next === '"') return;
    if (next === "$") parts.push(readDollar(reader));
    else if (next === "\\" && '$`"\\\n'.includes(reader.text[reader.at] ?? "x")) {
      const escaped = reader.text[reader.at] ?? "";
      reader.at += 1;
      if (escaped !== "\n") parts.push({ kind: "text", text: escaped });
    } else parts.push({ kind: "text", text: next });
  }
}

function readDollar(reader: Reader): Part {
  if (take(reader, "(")) return { kind: "substitution", list: readList(reader, ")") };
  const found = /^(?:\{([A-Za-z_]\w*|\?)\}|([A-Za-z_]\w*|\?))/.exec(reader.text.slice(reader.at));
  const name = found?.[1] ?? found?.[2];
  if (found === null || name === undefined) {
    if (reader.text[reader.at] === "{") throw unexpected(reader);
    return { kind: "text", text: "$" };
  }
  reader.at += found[0].length;
  return { kind: "variable", name };
}

function skipSpace(reader: Reader, lines: boolean): void {
  for (;;) {
    const next = reader.text[reader.at];
    if (next === " " || next === "\t" || (lines && (next === "\n" || next === "\r"))) reader.at += 1;
    else if (next === "\\" && reader.text[reader.at + 1] === "\n") reader.at += 2;
    else if (
      next === "#" &&
      (reader.at === 0 || operatorCharacters.includes(reader.text[reader.at - 1] ?? ""))
    )
      while (reader.at < reader.text.length && reader.text[reader.at] !== "\n") reader.at += 1;
    else return;
  }
}

function take(reader: Reader, text: string): boolean {
  if (!reader.text.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

function unexpected(reader: Reader): string {
  const next = reader.text[reader.at];
  return next === undefined ? "end of file unexpected" : `"${next === "\n" ? "newline" : next}" unexpected`;
}
