import { expect, test } from "vitest";
import { parseShell } from "./parse.ts";

const braced = (name: string) => ["$", "{", name, "}"].join("");
const kind = (text: string) => parseShell(text).kind;
const words = (text: string) => {
  const parsed = parseShell(text);
  const command = parsed.kind === "list" ? parsed.list[0]?.pipeline[0] : undefined;
  if (command?.kind !== "simple") return undefined;
  return command.words.map(({ parts }) =>
    parts.map((part) => (part.kind === "text" ? part.text : part.kind)).join(""),
  );
};

test.each([
  ["a b  c", ["a", "b", "c"]],
  ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
  ["a 'b'\"'\"'c'", ["a", "b'c"]],
  ['a "q\\"x\\n"', ["a", 'q"x\\n']],
  ["a\\ b # a comment", ["a b"]],
  ["a#b", ["a#b"]],
  [`a "$?" $X ${braced("Y")} $`, ["a", "variable", "variable", "variable", "$"]],
  ["a $(b c)", ["a", "substitution"]],
  ["a ''", ["a", ""]],
  ["  ", undefined],
])("words of %s", (text, expected) => expect(words(text)).toEqual(expected));

test("groups, lists, pipes and redirections", () => {
  const parsed = parseShell("{ a; b && c || d; } </dev/null 2>&1; ! e | f >/x 2>>y");
  expect(parsed).toMatchObject({
    kind: "list",
    list: [
      {
        when: "always",
        pipeline: [
          {
            kind: "group",
            list: [{ when: "always" }, { when: "always" }, { when: "success" }, { when: "failure" }],
            redirects: [
              { from: 0, to: "file", mode: "read" },
              { from: 2, to: 1 },
            ],
          },
        ],
      },
      {
        negated: true,
        pipeline: [
          { kind: "simple", redirects: [] },
          {
            redirects: [
              { from: 1, mode: "write" },
              { from: 2, mode: "append" },
            ],
          },
        ],
      },
    ],
  });
});

test.each(["a 'b", 'a "b', "{ a;", "( a", "a &&", "a |", "a $(b", "a \\"])(
  "%s goes on in the next line",
  (text) => expect(kind(text)).toBe("incomplete"),
);

test.each([
  "if a; then b; fi",
  "a ) b",
  "; a",
  "a; }",
  "a <<E",
  "a &",
  "`a`",
  `a ${braced("b:-c")}`,
  "a && ; b",
])("%s is an error", (text) => expect(kind(text)).toBe("error"));
