import { incomplete, operatorCharacters, type Reader, take, unexpected } from "./reader.ts";
import type { Part, Word } from "./syntax.ts";

/** One word with its quotes, variables and substitutions. */
export function readWord(reader: Reader): Word {
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
    } else if (next === "$") parts.push(readDollar(reader, false));
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
    if (next === "$") parts.push(readDollar(reader, true));
    else if (next === "\\" && '$`"\\\n'.includes(reader.text[reader.at] ?? "x")) {
      const escaped = reader.text[reader.at] ?? "";
      reader.at += 1;
      if (escaped !== "\n") parts.push({ kind: "text", text: escaped });
    } else parts.push({ kind: "text", text: next });
  }
}

function readDollar(reader: Reader, quoted: boolean): Part {
  if (take(reader, "(")) return { kind: "substitution", list: reader.substitution(), quoted };
  const found = /^(?:\{([A-Za-z_]\w*|\?)\}|([A-Za-z_]\w*|\?))/.exec(reader.text.slice(reader.at));
  const name = found?.[1] ?? found?.[2];
  if (found === null || name === undefined) {
    if (/^[{@*#$!\d-]/.test(reader.text.slice(reader.at, reader.at + 1))) throw unexpected(reader);
    return { kind: "text", text: "$" };
  }
  reader.at += found[0].length;
  return { kind: "variable", name, quoted };
}
