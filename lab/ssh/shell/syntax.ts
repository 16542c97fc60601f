// The small part of the POSIX shell language that the checks send: simple commands, quotes, `$?`, `$NAME`,
// `$(…)`, groups, lists, pipes and redirections.

export type Part =
  | { kind: "text"; text: string }
  | { kind: "variable"; name: string; quoted: boolean }
  | { kind: "substitution"; list: List; quoted: boolean };

/** `quoted`: an empty result still counts as an argument. */
export interface Word {
  parts: Part[];
  quoted: boolean;
}

export type Redirect =
  | { from: 0 | 1 | 2; to: "file"; mode: "read" | "write" | "append"; word: Word }
  | { from: 1 | 2; to: 1 | 2 };

export type Command = { redirects: Redirect[] } & (
  | { kind: "simple"; assignments: { name: string; value: Word }[]; words: Word[] }
  | { kind: "group"; list: List; subshell: boolean }
);

export interface Item {
  /** What joins the item to the one before. */
  when: "always" | "success" | "failure";
  negated: boolean;
  pipeline: Command[];
}

export type List = Item[];

/** `incomplete`: the text ends inside quotes, a group or after an operator; more lines are needed. */
export type Parsed =
  | { kind: "list"; list: List }
  | { kind: "incomplete" }
  | { kind: "error"; message: string };
