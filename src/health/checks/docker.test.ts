import { expect, test } from "vitest";
import { runFor } from "../check.ts";
import { contextOf, fakeSsh, guestComponent } from "../health.test-helper.ts";
import { docker } from "./docker.ts";

function run(exitCode: number, output: string) {
  const client = fakeSsh(() => ({ exitCode, output }));
  const session = client.session({ host: "10.0.0.101", port: 22, user: "debian" });
  return docker.run(guestComponent({ docker: true }), contextOf({ ssh: () => session }));
}

test.each([
  [0, "active", { status: "ok", detail: "active" }],
  [3, "inactive", { status: "fail", code: "docker-inactive", expected: "active", actual: "inactive" }],
  [3, "failed", { status: "fail", detail: "Docker has failed", actual: "failed" }],
  [3, "activating", { status: "pending" }],
  [4, "", { status: "fail", actual: "exit code 4" }],
  [127, "sh: systemctl: not found", { status: "unknown", code: "docker-unasked" }],
])("exit code %i with %j", async (exitCode, output, expected) => {
  expect(await run(exitCode, output)).toMatchObject(expected);
});

test("applies where the inventory says docker", () => {
  expect(runFor(docker, guestComponent({ docker: true }))).toBeDefined();
  expect(runFor(docker, guestComponent({ docker: true, type: "lxc" }))).toBeDefined();
  expect(runFor(docker, guestComponent({}))).toBeUndefined();
});
