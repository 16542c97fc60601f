import { test as base, expect } from "vitest";
import { planDocumentSchema } from "../../src/report/json-schema.ts";
import { openDesk } from "./cli.test-helper.ts";

const test = base.extend("desk", ({ onTestFinished }) => {
  const desk = openDesk("prod", "lab");
  onTestFinished(desk.close);
  return desk;
});

/** No server listens there. */
const closed = { PROXMOX_VE_ENDPOINT: "https://127.0.0.1:9/", PROXMOX_VE_API_TOKEN: "a@pve!b=c-1234" };

test.concurrent.for<[string[], RegExp]>([
  [["plan"], /which environment\? there is lab, prod/],
  [["plan", "--all", "--env", "prod"], /--env and --all exclude each other/],
  [["apply"], /which environment\? there is lab, prod\n {2}try: for example: --env lab/],
  [["apply", "--env", "stage"], /there is no environment "stage"; there is lab, prod/],
  [["apply", "--all"], /unknown option '--all'/],
  [["apply", "--env", "prod", "--lock-timeout", "soon"], /Expected a number from 0 to 86400/],
])("%j is refused, and nothing is written", async ([args, message], { desk }) => {
  const before = desk.files();
  const { exitCode, stdout, stderr } = await desk.run(args, { env: closed });
  expect(stderr).toMatch(message);
  expect(stdout).toBe("");
  expect(exitCode).toBe(2);
  expect(desk.files()).toEqual(before);
});

test.concurrent("a Proxmox that does not answer gives no plan: reported per environment, exit code 3", async ({
  desk,
}) => {
  // At once: each waits between its attempts to reach it.
  const [table, json, apply] = await Promise.all(
    [
      ["plan", "--all"],
      ["plan", "--env", "prod", "--json"],
      ["apply", "--env", "prod", "--yes"],
    ].map((args) => desk.run(args, { env: closed })),
  );
  expect(table?.exitCode, table?.stderr).toBe(3);
  expect(table?.stdout).toMatch(/lab could not be planned: [\s\S]*prod could not be planned: /);
  expect(json?.exitCode, json?.stderr).toBe(3);
  expect(planDocumentSchema.parse(JSON.parse(json?.stdout ?? ""))).toMatchObject({
    status: "unknown",
    environments: [{ environment: "prod", resources: [] }],
  });
  expect(apply?.exitCode, apply?.stderr).toBe(3);
  expect(apply?.stdout).toBe("");
});
