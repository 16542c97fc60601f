import { expect, test } from "vitest";
import { containersIn, isTelling } from "./compose.ts";

// As Compose 2.40.3 prints them (2.15: the same in an array), what is not read left out.
const loki = `{"ID":"0f1e2d3c4b5a","ExitCode":0,"Health":"healthy","Service":"loki","State":"running","Publishers":[{"URL":"0.0.0.0","TargetPort":3100,"PublishedPort":3100,"Protocol":"tcp"},{"URL":"::","TargetPort":3100,"PublishedPort":3100,"Protocol":"tcp"}]}`;
const proxy = `{"ID":"112233445566","ExitCode":137,"Health":"","Service":"docker-proxy","State":"exited","Publishers":[{"URL":"","TargetPort":2375,"PublishedPort":0,"Protocol":"tcp"}]}`;
const containers = [
  { id: "0f1e2d3c4b5a", service: "loki", state: "running", health: "healthy", exitCode: 0, ports: [3100] },
  { id: "112233445566", service: "docker-proxy", state: "exited", health: "", exitCode: 137, ports: [] },
];

test.each([
  ["a line for each", `${loki}\n${proxy}\n`, containers],
  ["an array", `[${loki},${proxy}]\n`, containers],
  ["none", "", []],
  ["none in an array", "[]\n", []],
])("containers: %s", (_, text, expected) => {
  expect(containersIn(text)).toEqual(expected);
});

test("what is no list of containers is an error of Docker, and no bug", () => {
  expect(() => containersIn('{"Name":"loki"}')).toThrow(expect.objectContaining({ code: "docker-failed" }));
});

test.each([
  [" Container monitoring-loki-1  Healthy", true],
  [" Container monitoring-loki-1  Recreated", true],
  [" Network monitoring  Removed", true],
  [" loki Pulling ", true],
  [" loki Pulled ", true],
  ["Error response from daemon: driver failed", true],
  [" Container monitoring-loki-1  Creating", false],
  [" Container monitoring-loki-1  Waiting", false],
  [" Container monitoring-loki-1  Started", false],
  [" 0f1e2d3c4b5a Downloading [==>   ]  1.2MB/30MB", false],
  ["", false],
])("progress: %j", (line, told) => {
  expect(isTelling(line)).toBe(told);
});
