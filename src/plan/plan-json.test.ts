import { expect, test } from "vitest";
import { entry, planJson } from "./plan.test-helper.ts";
import { readPlan } from "./plan-json.ts";

test("a plan of an empty configuration has neither resources nor state", () => {
  expect(readPlan({ format_version: "1.2" })).toMatchObject({ resources: [], changes: [], drift: [] });
});

test("resources to which nothing happens are named and otherwise left alone", () => {
  const plan = readPlan(planJson({ changes: [entry({ actions: ["no-op"], before: {}, after: {} })] }));
  expect(plan.resources).toHaveLength(1);
  expect(plan.changes).toEqual([]);
});

test("a check block that does not hold is a warning, a condition of a resource is none", () => {
  const failing = (kind: string, message: string) => ({
    address: { kind, name: "delivery", to_display: `${kind}.delivery` },
    status: "fail",
    instances: [{ address: { to_display: kind }, status: "fail", problems: [{ message }] }],
  });
  const held = { ...failing("check", ""), instances: [{ address: { to_display: "check" }, status: "pass" }] };
  const checks = [failing("check", "nothing installs docker"), failing("resource", "no"), held];
  expect(readPlan({ format_version: "1.2", checks }).warnings).toEqual(["nothing installs docker"]);
});

test.each<[string, unknown, string]>([
  ["no object", "text", "the document"],
  ["a format of the future", { format_version: "2.0" }, "format_version"],
  ["changes that are no list", { format_version: "1.2", resource_changes: {} }, "resource_changes"],
  [
    "an entry without address",
    { format_version: "1.2", resource_changes: [{}] },
    "resource_changes[0].address",
  ],
  [
    "an entry without change",
    { format_version: "1.2", resource_drift: [{ address: "a.b", type: "a", mode: "managed" }] },
    "resource_drift[0].change",
  ],
  [
    "an unknown action",
    { format_version: "1.2", resource_changes: [entry({ actions: ["explode"] })] },
    "resource_changes[0].change.actions",
  ],
])("%s is refused by place", (_, json, place) => {
  expect(() => readPlan(json)).toThrow(expect.objectContaining({ code: "plan-unreadable", place }));
});
