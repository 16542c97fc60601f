import { isNode, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { readTextFile } from "../connect/read-file.ts";
import { reasonOf } from "../connect/system-error.ts";
import { messageOf, Problem } from "../model/problem.ts";

/**
 * Reads a YAML or JSON file and parses it with a schema. A mistake is a Problem of kind `configuration` that names
 * the file, the line, the key, the value and what was expected; `exampleOf` adds a legal example for a key.
 */
export function readDocument<T>(
  file: string,
  schema: z.ZodType<T>,
  exampleOf: (key: readonly PropertyKey[]) => string | undefined = () => undefined,
): T {
  return parseText(file, readText(file), schema, exampleOf);
}

/** The text of a file that the user wrote; Problem `file-unreadable` of kind `configuration`. */
export function readText(file: string): string {
  try {
    return readTextFile(file);
  } catch (cause) {
    throw new Problem({
      kind: "configuration",
      code: "file-unreadable",
      message: `cannot read ${file}: ${reasonOf(cause)}`,
      hint: "check the path and its permissions",
      cause,
    });
  }
}

export function parseText<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  exampleOf: (key: readonly PropertyKey[]) => string | undefined = () => undefined,
): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    throw new Problem({
      kind: "configuration",
      code: "file-malformed",
      message: `${file} cannot be parsed: ${mistake.message}`,
      place: `${file}:${lines.linePos(mistake.pos[0]).line}`,
    });
  }
  const value = plainValue(file, document);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = innermost(parsed.error.issues[0]);
  const unknownKey = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const key = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
  const line = lineOf(key);
  const example = exampleOf(key);
  throw new Problem({
    kind: "configuration",
    code: "file-invalid",
    message: `${keyText(key) || "the document"}: ${explain(issue, shown(key, valueAt(value, key)))}`,
    place: line === undefined ? file : `${file}:${line}`,
    ...(example === undefined ? {} : { hint: `for example: ${example}` }),
  });

  // The line of the key itself where there is one: the value of a map may start a line later.
  function lineOf(path: readonly PropertyKey[]): number | undefined {
    for (let length = path.length; length > 0; length--) {
      const offset = keyOffset(path.slice(0, length));
      if (offset !== undefined) return lines.linePos(offset).line;
    }
    return text.trim() === "" ? undefined : 1;
  }

  function keyOffset(path: readonly PropertyKey[]): number | undefined {
    const last = path.at(-1);
    const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (parent === null || typeof parent !== "object" || !("items" in parent)) return undefined;
    for (const item of parent.items as unknown[]) {
      if (item !== null && typeof item === "object" && "key" in item && isNode(item.key)) {
        if (String(item.key) === String(last)) return item.key.range?.[0];
      }
    }
    const value = document.getIn(path, true);
    return isNode(value) ? (value as Node).range?.[0] : undefined;
  }
}

/** Anchors that expand to far more than a person writes are refused by the parser's own limit. */
function plainValue(file: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    throw new Problem({
      kind: "configuration",
      code: "file-malformed",
      message: `${file} cannot be parsed: ${messageOf(cause)}`,
      place: file,
      cause,
    });
  }
}

type Issue = z.core.$ZodIssue;

/** A union says only "invalid input"; the branch that got furthest says what is wrong. */
function innermost(issue: Issue | undefined): Issue {
  if (issue === undefined) throw new Error("a failed parse without an issue");
  if (issue.code !== "invalid_union") return issue;
  const candidates = issue.errors.flat().sort((a, b) => b.path.length - a.path.length);
  const [deepest] = candidates;
  if (deepest === undefined || deepest.path.length === 0) return issue;
  return innermost({ ...deepest, path: [...issue.path, ...deepest.path] });
}

const longestShown = 60;

/** What was found there, short enough for a line. The secret itself may stand where a reference belongs. */
function shown(key: readonly PropertyKey[], value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string" && /token|secret|password|access_key/i.test(String(key.at(-1)))) {
    return "a value that is not shown here";
  }
  const text = JSON.stringify(value);
  return text.length <= longestShown ? text : `${text.slice(0, longestShown - 1)}…`;
}

function explain(issue: Issue, got: string): string {
  if (issue.code === "unrecognized_keys") return "nothing of that name is known here";
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "is not a legal name";
  if (issue.code === "invalid_value") return `expected ${issue.values.map(String).join(" or ")}, got ${got}`;
  const message = issue.message.replace(/^Invalid input: /, "").replace(/, received .*$/, "");
  if (message === "Invalid input") return `is not of a legal form, got ${got}`;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}, got ${got}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const part of path) {
    if (here === null || typeof here !== "object") return undefined;
    here = (here as Record<PropertyKey, unknown>)[part];
  }
  return here;
}

/** `drift.noise[0].expires` */
function keyText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}
