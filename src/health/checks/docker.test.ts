import { expect, test } from "vitest";
import { guestComponent } from "../health.test-helper.ts";
import { runFor } from "../run-for.ts";
import { docker } from "./docker.ts";

test.each([
  [0, "active", { status: "ok", detail: "active" }],
  [3, "inactive", { status: "fail", code: "docker-inactive", expected: "active", actual: "inactive" }],
  [3, "failed", { status: "fail", detail: "Docker has failed", actual: "failed" }],
  [3, "activating", { status: "pending" }],
  [4, "", { status: "fail", actual: "exit code 4" }],
  [127, "sh: systemctl: not found", { status: "unknown", code: "docker-unasked" }],
])("exit code %i with %j", (exitCode, output, expected) => {
  const component = guestComponent({ docker: true });
  expect(docker.judge(component, { exitCode, output })).toMatchObject(expected);
});

test("applies where the inventory says docker", () => {
  expect(runFor(docker, guestComponent({ docker: true }))).toBeDefined();
  expect(runFor(docker, guestComponent({ docker: true, type: "lxc" }))).toBeDefined();
  expect(runFor(docker, guestComponent({}))).toBeUndefined();
});
