import { incomplete, operatorCharacters, type Reader, skipSpace, take, unexpected } from "./reader.ts";
import type { Command, Item, List, Parsed, Redirect, Word } from "./syntax.ts";
import { readWord } from "./word.ts";

/** Reads shell text; what the small language does not have (`if`, functions, here documents) is an error. */
export function parseShell(text: string): Parsed {
  const reader: Reader = { text, at: 0, substitution: () => readList(reader, ")") };
  try {
    const list = readList(reader, "");
    return { kind: "list", list };
  } catch (problem) {
    if (problem === incomplete) return { kind: "incomplete" };
    if (typeof problem === "string") return { kind: "error", message: problem };
    throw problem;
  }
}

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
    return { kind: "group", list, subshell: false, redirects };
  }
  if (take(reader, "(")) {
    const list = readList(reader, ")");
    readRedirects(reader, redirects);
    return { kind: "group", list, subshell: true, redirects };
  }
  const words: Word[] = [];
  const assignments: { name: string; value: Word }[] = [];
  for (;;) {
    readRedirects(reader, redirects);
    const next = reader.text[reader.at];
    if (next === undefined || operatorCharacters.includes(next)) break;
    const start = reader.at;
    const name = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(reader.text.slice(start))?.[1] : undefined;
    if (name !== undefined) {
      reader.at += name.length + 1;
      assignments.push({ name, value: readValue(reader) });
      continue;
    }
    words.push(readWord(reader));
    const bare = reader.text.slice(start, reader.at);
    if (words.length === 1 && reserved.includes(bare)) throw `"${bare}" unexpected`;
  }
  if (words.length + assignments.length + redirects.length === 0) throw unexpected(reader);
  return { kind: "simple", assignments, words, redirects };
}

/** What stands after `NAME=`, which may be nothing. */
function readValue(reader: Reader): Word {
  const next = reader.text[reader.at];
  const empty = next === undefined || operatorCharacters.includes(next);
  return empty ? { parts: [], quoted: true } : readWord(reader);
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
