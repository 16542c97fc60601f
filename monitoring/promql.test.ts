import { expect, test } from "vitest";
import { matches, parsePromql } from "./promql.ts";

test("selectors, and the labels that an expression groups and joins by", () => {
  const text = `sum by (id) (rate(a_total{x="1", y!~"b|c"}[5m])) / on (id) group_left (name) b unless ignoring (z) c{q=~"\\\\d"}`;
  expect(parsePromql(text)).toEqual({
    selectors: [
      {
        metric: "a_total",
        matchers: [
          { label: "x", operator: "=", value: "1" },
          { label: "y", operator: "!~", value: "b|c" },
        ],
      },
      { metric: "b", matchers: [] },
      { metric: "c", matchers: [{ label: "q", operator: "=~", value: "\\d" }] },
    ],
    labels: ["id", "name", "z"],
  });
});

test.each([
  ["=", "node", "node", true],
  ["!=", "node", "node", false],
  ["=~", "no.*", "node", true],
  ["=~", "od", "node", false],
  ["!~", "pve|lxc", "lxc", false],
] as const)("{x%s%j} and %j", (operator, value, actual, expected) => {
  expect(matches({ label: "x", operator, value }, actual)).toBe(expected);
});
