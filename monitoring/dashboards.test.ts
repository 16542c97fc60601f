import { describe, expect, test } from "vitest";
import { dashboardFile } from "./dashboard-file.ts";
import { dashboards } from "./dashboards/index.ts";
import { lintDashboard, lintLogql } from "./lint-dashboard.ts";
import { readSamples } from "./samples/sample.ts";

const samples = readSamples();
const built = dashboards.map((build) => ({
  uid: build().uid ?? "",
  json: JSON.parse(dashboardFile(build())),
}));

describe.each(built)("$uid", ({ json }) => {
  test("asks for what exporters and log agents give", async () => {
    expect(await lintDashboard(json, samples)).toEqual([]);
  });

  test("each panel has a title, says what it shows, and asks something", () => {
    for (const panel of json.panels) {
      expect(panel).toMatchObject({
        title: expect.stringMatching(/^[A-Z]/),
        description: expect.stringMatching(/\.$/),
      });
      expect(panel.targets.length).toBeGreaterThan(0);
      for (const { refId } of panel.targets) expect(refId).toMatch(/^[A-Z]$/);
    }
    expect(new Set(json.panels.map(({ id }: { id: number }) => id)).size).toBe(json.panels.length);
  });

  test("nothing is left to be chosen at import", () => {
    expect(JSON.stringify(json)).not.toMatch(/__inputs|\$\{DS_/);
  });

  test("no panel lies outside of the grid or on another", () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of json.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });
});

test("a query on a metric or label that does not exist is named with its panel", async () => {
  const targets = [{ expr: "node_nothing" }, { expr: 'up{content="x"}' }];
  const wrong = { uid: "d", templating: {}, panels: [{ type: "stat", title: "P", targets }] };
  expect(await lintDashboard(wrong, samples)).toEqual([
    "d, P: node_nothing is in no sample",
    "d, P: up has no label content",
  ]);
});

test.each([
  ['sum by (service) (count_over_time({hostname="a", level="error"} |= `x` [5m]))', []],
  ['{container="a"}', ["log lines have no label container"]],
  ['sum by (pod) (rate({job="docker"} [1m]))', ["log lines have no label pod"]],
])("LogQL %s", (text, problems) => {
  expect(lintLogql(text)).toEqual(problems);
});

test("a mistake in LogQL is named with its place", () => {
  expect(() => lintLogql('{job="docker"')).toThrow(SyntaxError);
});
