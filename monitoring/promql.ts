import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** What an expression asks for: its selectors, and the labels that it groups, joins or aggregates by. */
export interface Expression {
  readonly selectors: readonly Selector[];
  readonly labels: readonly string[];
}

/** Parses PromQL with Prometheus' own grammar. Throws SyntaxError with the place. */
export function parsePromql(text: string): Expression {
  const selectors: Selector[] = [];
  const labels = new Set<string>();
  const source = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) {
        throw new SyntaxError(
          `PromQL at character ${node.from + 1}: ${text.slice(node.from) || "end of text"}`,
        );
      }
      if (node.name === "VectorSelector") selectors.push(selector(node.node, source));
      if (node.name === "GroupingLabels") {
        for (const name of node.node.getChildren("LabelName")) labels.add(source(name));
      }
    },
  });
  return { selectors, labels: [...labels] };
}

type Source = (node: { from: number; to: number }) => string;

function selector(node: SyntaxNode, source: Source): Selector {
  const metric = node.getChild("Identifier");
  if (metric === null) throw new SyntaxError(`PromQL: ${source(node)} names no metric`);
  const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
  return { metric: source(metric), matchers: matchers.map((matcher) => read(matcher, source)) };
}

function read(node: SyntaxNode, source: Source): Matcher {
  const part = (name: string) => {
    const child = node.getChild(name);
    if (child === null) throw new SyntaxError(`PromQL: ${source(node)} is not LABEL="VALUE"`);
    return source(child);
  };
  const operator = part("MatchOp") as Matcher["operator"];
  // Go's escapes in double quotes are those of JSON, where we use them.
  return { label: part("LabelName"), operator, value: JSON.parse(part("StringLiteral")) };
}

/** Whether a label's value ("" where there is none) passes. Prometheus anchors its expressions at both ends. */
export function matches({ operator, value }: Matcher, actual: string): boolean {
  const equal =
    operator === "=" || operator === "!=" ? actual === value : new RegExp(`^(?:${value})$`, "s").test(actual);
  return operator.startsWith("!") ? !equal : equal;
}
