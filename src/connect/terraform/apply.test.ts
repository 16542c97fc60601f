import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findTool } from "../../../tools/programs/index.ts";
import type { ApplyEvent } from "./apply-events.ts";
import { makeEnvironment, prepared } from "./environment.test-helper.ts";
import { readLock } from "./state-lock.ts";
import type { ApplyOptions, StateLock, TerraformRun } from "./types.ts";

// The real tools with their built-in provider; what takes time waits for a file that the test writes.

const tools = (await Promise.all([findTool("terraform"), findTool("tofu")])).filter(
  (tool) => tool !== undefined,
);
if (tools.length === 0) throw new Error("neither Terraform nor OpenTofu is there: npm test gets one");

const main = `
variable "size" { type = number }
resource "terraform_data" "first" { input = var.size }
`;

/** \`second\` is made once the file \`go\` is there; \`third\` comes after it. */
const waiting = (run: TerraformRun) => `
resource "terraform_data" "second" {
  input = terraform_data.first.output
  provisioner "local-exec" { command = "while [ ! -e '${run.directory}/go' ]; do sleep 0.05; done" }
}
resource "terraform_data" "third" { input = terraform_data.second.output }
`;

const never = new AbortController().signal;

function options(over: Partial<ApplyOptions> = {}): ApplyOptions {
  return { lockTimeoutMs: 0, onEvent: () => undefined, interrupt: never, kill: never, ...over };
}

/** What the state has, by address. */
function stateOf(run: TerraformRun): Record<string, unknown> {
  const state: { resources: { name: string; instances: { attributes: { input: { value: unknown } } }[] }[] } =
    JSON.parse(readFileSync(join(run.directory, "terraform.tfstate"), "utf8"));
  return Object.fromEntries(
    state.resources.map(({ name, instances }) => [name, instances[0]?.attributes.input.value]),
  );
}

describe.each(tools)("with $kind $version", { timeout: 60_000 }, ({ kind, path: program }) => {
  function environment(): TerraformRun {
    const run = makeEnvironment({ "main.tf": main, "terraform.tfvars": "size = 1\n" });
    return { ...run, tool: kind, program };
  }

  const edit = (run: TerraformRun, size: number) =>
    writeFileSync(join(run.directory, "terraform.tfvars"), `size = ${size}\n`);

  test("carries out the plan that was made, whatever the code says by now", async () => {
    const run = environment();
    const workspace = await prepared(run);
    const { exitCode, planFile } = await workspace.planToApply({ lockTimeoutMs: 0 });
    expect(exitCode).toBe(2);
    edit(run, 2);
    const events: ApplyEvent[] = [];
    await workspace.apply(planFile, options({ onEvent: (event) => events.push(event) }));
    expect(stateOf(run)).toEqual({ first: 1 });
    expect(events.map(({ step, action, address }) => [step, action, address])).toEqual([
      ["started", "create", "terraform_data.first"],
      ["done", "create", "terraform_data.first"],
    ]);
    expect(readdirSync(run.directory).sort()).toEqual(["main.tf", "terraform.tfstate", "terraform.tfvars"]);
  });

  test("a plan made before another apply is stale", async () => {
    const run = environment();
    const [slow, quick] = [await prepared(run), await prepared(run)];
    const { planFile } = await slow.planToApply({ lockTimeoutMs: 0 });
    await quick.apply((await quick.planToApply({ lockTimeoutMs: 0 })).planFile, options());
    await expect(slow.apply(planFile, options())).rejects.toMatchObject({ code: "terraform-stale" });
  });

  /** Starts an apply of three resources, and returns once the second is being made. */
  async function underWay(run: TerraformRun, over: Partial<ApplyOptions>) {
    writeFileSync(join(run.directory, "more.tf"), waiting(run));
    const workspace = await prepared(run);
    const { planFile } = await workspace.planToApply({ lockTimeoutMs: 0 });
    let second: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      second = resolve;
    });
    const onEvent = ({ address }: ApplyEvent) => {
      if (address === "terraform_data.second") second();
    };
    const applied = workspace.apply(planFile, options({ onEvent, ...over }));
    await Promise.race([started, applied]);
    return { applied, go: () => writeFileSync(join(run.directory, "go"), "") };
  }

  test("holds the lock of the user's own state, and others see who does", async () => {
    const run = environment();
    const { applied, go } = await underWay(run, {});
    const lock: StateLock | undefined = await readLock(run);
    expect(lock).toMatchObject({ operation: "OperationTypeApply", since: expect.stringMatching(/^20/) });
    expect(existsSync(join(run.directory, ".terraform.tfstate.lock.info"))).toBe(true);
    const other = await prepared(run);
    await expect(other.planToApply({ lockTimeoutMs: 0 })).rejects.toMatchObject({
      code: "state-locked",
      message: expect.stringContaining(`locked by ${lock?.who} since 20`),
      hint: expect.stringContaining(`force-unlock ${lock?.id}`),
    });
    go();
    await applied;
    expect(await readLock(run)).toBeUndefined();
    expect(stateOf(run)).toEqual({ first: 1, second: 1, third: 1 });
  });

  test("an interrupt stops it: the state has what was under way, nothing more is begun", async () => {
    const run = environment();
    const interrupt = new AbortController();
    const { applied } = await underWay(run, { interrupt: interrupt.signal });
    interrupt.abort();
    await expect(applied).rejects.toMatchObject({ kind: "declined", code: "apply-interrupted" });
    // The tool ends the command that `second` waits for, and begins nothing else.
    expect(Object.keys(stateOf(run))).toEqual(["first", "second"]);
    expect(await readLock(run)).toBeUndefined();
  });

  test("a second interrupt ends it at once", async () => {
    const run = environment();
    const [interrupt, kill] = [new AbortController(), new AbortController()];
    const { applied } = await underWay(run, { interrupt: interrupt.signal, kill: kill.signal });
    interrupt.abort();
    kill.abort();
    await expect(applied).rejects.toMatchObject({ kind: "declined", code: "apply-killed" });
    expect(await readLock(run)).toBeUndefined();
  });
});
