import { expect, test } from "vitest";
import { reduced } from "./reduce.ts";
import { parseSample } from "./sample.ts";

const heading = "# recorded: exporter 1.0, 2026-01-01\n# job: node\n";

test("a sample has its origin, its job and its series", () => {
  const text = `${heading}# TYPE a gauge\na 1\nb{x="1",y="a \\"b\\", c\\\\"} 2e+06\n`;
  expect(parseSample("a.prom", text)).toEqual({
    file: "a.prom",
    job: "node",
    origin: "recorded",
    source: "exporter 1.0, 2026-01-01",
    series: [
      { metric: "a", labels: {} },
      { metric: "b", labels: { x: "1", y: 'a "b", c\\' } },
    ],
  });
});

test.each([
  ["# job: node\na 1\n", 'a.prom: must have a line "# recorded'],
  ["# recorded: x\na 1\n", 'a.prom: must have a line "# job'],
  [`${heading}a{x=1} 2\n`, "a.prom:3: a{x=1} 2 is not NAME{LABELS} VALUE"],
])("%j is refused with its place", (text, problem) => {
  expect(() => parseSample("a.prom", text)).toThrow(problem);
});

test("a recorded scrape keeps types and the first series of each metric", () => {
  const many = Array.from({ length: 70 }, (_, index) => `a{x="${index}"} 1`);
  const buckets = ["1", "2", "+Inf"].map((le) => `c_bucket{le="${le}"} 1`);
  const lines = reduced(["# HELP a text", "# TYPE a gauge", ...many, ...buckets, "b 1", ""].join("\n")).split(
    "\n",
  );
  expect(lines.slice(0, 2)).toEqual(["# TYPE a gauge", 'a{x="0"} 1']);
  expect(lines.slice(-5)).toEqual(['a{x="63"} 1', 'c_bucket{le="1"} 1', 'c_bucket{le="2"} 1', "b 1", ""]);
});
