import type { Command } from "commander";

/** Words that follow the name of the program in a sentence. */
const sentence = new Set([
  "against",
  "and",
  "can",
  "does",
  "from",
  "has",
  "is",
  "makes",
  "needs",
  "or",
  "takes",
  "to",
  "with",
  "writes",
]);

export interface CommandLine {
  /** From 1 on. */
  line: number;
  /** What follows the name of the program. */
  words: string[];
}

/** Every `pve-home …` in a text; one that is only named, or the subject of a sentence, is left out. */
export function commandLines(text: string): CommandLine[] {
  const found = text.matchAll(
    /(?<![\w/.-])(?:\.\/)?pve-home(?:[ \t]+|[ \t]*\n[ \t]*(?:#|\/\/|\*)[ \t]*|(?<=`pve-home)\n[ \t]*)(?=[a-z-])([^\n\\`"'|;&()<>,…]*)/g,
  );
  return [...found].flatMap((match) => {
    const words = (match[1] ?? "")
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/[.:]+$/, ""));
    const line = text.slice(0, match.index).split("\n").length;
    return sentence.has(words[0] ?? "") ? [] : [{ line, words }];
  });
}

/** What the program would not understand of a command line; undefined where it would. */
export function misunderstood(program: Command, words: readonly string[]): string | undefined {
  let command = program;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word.startsWith("-")) {
      const [name = ""] = word.split("=");
      if (["--help", "-h"].includes(name)) continue;
      const option = command.options.find(({ long, short }) => long === name || short === name);
      if (option === undefined) return `${nameOf(command)} has no option ${name}`;
      if ((option.required || option.optional) && !word.includes("=")) at += 1;
      continue;
    }
    const child = command.commands.find((one) => one.name() === word);
    if (child !== undefined) command = child;
    // In a sentence other words follow a command; right after the program or a group there has to be one.
    else if (command.commands.length > 0 && /^[a-z]/.test(word) && !isEnd(command, word)) {
      return `${nameOf(command)} has no command ${word}`;
    }
    if (child === undefined) break;
  }
  return undefined;
}

// `pve-home lab is …`: the group itself is meant.
function isEnd(command: Command, word: string): boolean {
  return command.parent !== null && sentence.has(word);
}

function nameOf(command: Command): string {
  return command.parent === null ? "pve-home" : `${nameOf(command.parent)} ${command.name()}`;
}
