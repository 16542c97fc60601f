import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findTool, resolveTool } from "../../tools/programs/index.ts";
import { editFile } from "../drift/lab-environments.ts";
import { type ApplyDesk, openApplyDesk } from "./apply-desk.ts";

// The tool that the other tests of this folder do not run, for the whole way once.

let desk: ApplyDesk | undefined;

beforeAll(async () => {
  const { kind } = await resolveTool("any");
  const other = kind === "tofu" ? "terraform" : "tofu";
  if ((await findTool(other)) !== undefined) desk = await openApplyDesk(other);
});
afterAll(() => desk?.close());

test("created, planned without changes, changed with a restart as forecast", async (context) => {
  if (desk === undefined) return context.skip("only one of Terraform and OpenTofu is there");
  const { pveHome, lab, powerCalls } = desk;
  await lab.declare(
    "prod",
    'vms = { web = { vm_id = 201, ipv4 = "127.10.0.20/8", agent_timeout = "2s" } }\n',
  );
  const created = await pveHome("apply", "--env", "prod", "--yes");
  expect(created.exitCode, created.stderr).toBe(0);
  expect((await pveHome("plan", "--env", "prod")).stdout).toMatch(/^prod: nothing to do/);

  await editFile(
    join(lab.directory("prod"), "terraform.tfvars"),
    "vm_id = 201",
    "vm_id = 201, cpu_cores = 4",
  );
  expect((await pveHome("plan", "--env", "prod")).stdout).toMatch(/vm web \(201\) +stopped and started/);
  await powerCalls();
  const changed = await pveHome("apply", "--env", "prod", "--yes", "--allow-restart");
  expect(changed.exitCode, changed.stderr).toBe(0);
  expect(await powerCalls(201)).toEqual({ 201: ["shutdown", "start"] });
});
