import { describe, expect, test } from "vitest";
import { expandText } from "./expand-text.ts";
import { type LabelQuestion, type Opening, panelQueries } from "./panel-queries.ts";

const variable = (name: string, query: string, more = {}) => ({
  name,
  type: "query",
  query,
  datasource: { type: "prometheus", uid: "prometheus" },
  ...more,
});

const dashboard = (variables: readonly object[], exprs: readonly string[]) => ({
  uid: "d",
  templating: { list: variables },
  panels: [
    {
      type: "timeseries",
      title: "p",
      datasource: { type: "prometheus", uid: "prometheus" },
      targets: exprs.map((expr) => ({ expr })),
    },
  ],
});

/** A datasource with the machines web and db.1; keeps what it was asked. */
function source(): { asked: LabelQuestion[]; opening: Opening } {
  const asked: LabelQuestion[] = [];
  const labelValues = async (question: LabelQuestion) => {
    asked.push(question);
    return question.label === "nothing" ? [] : ["db.1", "web"];
  };
  return { asked, opening: { labelValues, range: 3600, step: 30 } };
}

async function texts(
  variables: readonly object[],
  expr: string,
  more: Partial<Opening> = {},
): Promise<string[]> {
  const queries = await panelQueries(dashboard(variables, [expr]), { ...source().opening, ...more });
  return queries.map(({ text }) => text);
}

describe("macros", () => {
  test.each([
    ["rate(a[$__rate_interval])", "rate(a[60s])"],
    ["rate(a[${__interval}])", "rate(a[30s])"],
    ["a[$__range]", "a[3600s]"],
    ["$__range_s + $__range_ms + $__interval_ms", "3600 + 3600000 + 30000"],
    ['{a="b"} [$__auto]', '{a="b"} [30s]'],
    ['a{b=~"c$"}', 'a{b=~"c$"}'],
    ['label_replace(a, "b", "$1", "c", "(.*)")', 'label_replace(a, "b", "$1", "c", "(.*)")'],
  ])("%s", (text, expected) => {
    expect(expandText(text, { range: 3600, step: 30, values: {} })).toBe(expected);
  });

  test("with a long step, a rate looks back a scrape more than that", () => {
    expect(expandText("$__rate_interval", { range: 86_400, step: 300, values: {} })).toBe("315s");
  });

  test.each(["$unknown", "${__unknown}", "${x:csv}"])("%s is refused", (text) => {
    expect(() => expandText(text, { range: 1, step: 1, values: { x: "1" } })).toThrow(RangeError);
  });
});

describe("variables", () => {
  test("all values are joined, with what a regular expression would take for more", async () => {
    const all = [variable("machine", "label_values(up, instance)", { includeAll: true })];
    expect(await texts(all, 'up{instance=~"$machine"}')).toEqual(['up{instance=~"db\\.1|web"}']);
  });

  test("allValue stands for all, and a choice for itself", async () => {
    const all = [variable("machine", "label_values(instance)", { includeAll: true, allValue: ".+" })];
    expect(await texts(all, "$machine")).toEqual([".+"]);
    expect(await texts(all, "$machine", { chosen: { machine: "web" } })).toEqual(["web"]);
  });

  test("one that takes a single value takes the first", async () => {
    expect(await texts([variable("machine", "label_values(instance)")], "$machine")).toEqual(["db.1"]);
  });

  test("a text is taken literally where the query says so", async () => {
    const search = [{ name: "search", type: "textbox", query: "" }];
    const expr = '{a="b"} |~ `(?i)${search:regex}`';
    expect(await texts(search, expr)).toEqual(['{a="b"} |~ `(?i)`']);
    expect(await texts(search, expr, { chosen: { search: "a.b [x]" } })).toEqual([
      '{a="b"} |~ `(?i)a\\.b \\[x\\]`',
    ]);
  });

  test("one asks with the values of those before it", async () => {
    const { asked, opening } = source();
    const two = [
      variable("env", "label_values(environment)"),
      variable("machine", 'label_values(up{environment="$env"}, instance)'),
    ];
    await panelQueries(dashboard(two, []), opening);
    expect(asked).toEqual([
      { datasource: "prometheus", label: "environment" },
      { datasource: "prometheus", label: "instance", selector: 'up{environment="db.1"}' },
    ]);
  });

  test("one without values, and one that asks something else, are refused", async () => {
    await expect(texts([variable("x", "label_values(nothing)")], "$x")).rejects.toThrow("variable x");
    await expect(texts([variable("x", "query_result(up)")], "$x")).rejects.toThrow("query_result(up)");
  });
});

test("panels of a closed row are asked too, each its own datasource", async () => {
  const loki = { type: "loki", uid: "loki" };
  const [inner] = dashboard([], ["up"]).panels;
  const closed = {
    uid: "d",
    templating: {},
    panels: [
      { type: "row", title: "r", panels: [inner] },
      { type: "logs", title: "l", datasource: loki, targets: [{ expr: '{a="b"}', instant: true }] },
    ],
  };
  expect(await panelQueries(closed, source().opening)).toEqual([
    { dashboard: "d", panel: "p", datasource: "prometheus", text: "up", instant: false },
    { dashboard: "d", panel: "l", datasource: "loki", text: '{a="b"}', instant: true },
  ]);
});
