import { homeOf } from "../machine.ts";
import type { Shell } from "./shell.ts";
import type { List, Word } from "./syntax.ts";

/** What `$(…)` gives: what was printed, without the newlines at its end. */
export type Substitute = (list: List) => Promise<string>;

/** The words as the command gets them: unquoted expansions are split at blanks, and vanish when empty. */
export async function expandWords(shell: Shell, words: Word[], substitute: Substitute): Promise<string[]> {
  const all: string[] = [];
  for (const word of words) all.push(...(await fieldsOf(shell, word, substitute)));
  return all;
}

/** One word in one piece, as after a redirection or in an assignment. */
export async function expandWord(shell: Shell, word: Word, substitute: Substitute): Promise<string> {
  const quoted = word.parts.map((part) => (part.kind === "text" ? part : { ...part, quoted: true }));
  return (await fieldsOf(shell, { ...word, parts: quoted }, substitute))[0] ?? "";
}

async function fieldsOf(shell: Shell, word: Word, substitute: Substitute): Promise<string[]> {
  const done: string[] = [];
  let field = word.quoted ? "" : undefined;
  for (const part of word.parts) {
    if (part.kind === "text") {
      field = (field ?? "") + part.text;
      continue;
    }
    const value = part.kind === "variable" ? variable(shell, part.name) : await substitute(part.list);
    if (part.quoted) {
      field = (field ?? "") + value;
      continue;
    }
    const pieces = value.split(/[ \t\n]+/);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && field !== undefined) {
        done.push(field);
        field = undefined;
      }
      if (piece !== "") field = (field ?? "") + piece;
    }
  }
  if (field !== undefined) done.push(field);
  return done;
}

function variable(shell: Shell, name: string): string {
  if (name === "?") return String(shell.status);
  if (name === "HOME") return homeOf(shell.user);
  if (name === "USER" || name === "LOGNAME") return shell.user;
  return shell.variables.get(name) ?? "";
}
