import { expect, test } from "vitest";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { ApplyEvent } from "../connect/terraform/apply-events.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import { Problem, type ProblemKind } from "../model/problem.ts";
import { entry, planJson, threeWay, vmValues, webAddress } from "../plan/plan.test-helper.ts";
import { type ApplyDependencies, applyEnvironment } from "./apply-environment.ts";
import { type PlanDependencies, planEnvironments } from "./make-plan.ts";

const run: TerraformRun = { directory: "/env/prod", tool: "tofu", environment: {} };
const never = new AbortController().signal;

const changed = threeWay({ state: vmValues(), found: vmValues(), wanted: vmValues({ description: "x" }) });
const inLine = planJson({ changes: [entry({ actions: ["no-op"], before: {}, after: {} })] });
const { output_changes: _, ...nothing } = inLine;

/** A workspace that writes down what is done with it; `applying` plays the tool. */
function stage(
  json: unknown,
  applying: (onEvent: (event: ApplyEvent) => void) => void = () => undefined,
  over: Partial<ApplyDependencies> = {},
) {
  const done: string[] = [];
  const plan = async (how: string) => {
    done.push(how);
    return { exitCode: 2 as const, planFile: "/copy/saved.tfplan", json };
  };
  const deps: ApplyDependencies = {
    lookAt: async () => {},
    prepare: async () => ({
      init: async () => void done.push("init"),
      providers: () => [],
      plan: () => plan("plan"),
      planToApply: ({ lockTimeoutMs }) => plan(`plan to apply ${lockTimeoutMs}`),
      apply: async (file, { onEvent }) => {
        done.push(`apply ${file}`);
        applying(onEvent);
      },
      dispose: async () => void done.push("dispose"),
    }),
    readLock: async () => undefined,
    readConfig: async () => ({}),
    listGuests: async () => [],
    clock: { now: () => 0, sleep: async () => undefined },
    log: () => undefined,
    lockTimeoutMs: 7000,
    agree: async ({ forecast }) => void done.push(`agree ${forecast.length}`),
    onEvent: () => undefined,
    interrupt: never,
    kill: never,
    ...over,
  };
  return { deps, done };
}

const event = (step: ApplyEvent["step"], action: ApplyEvent["action"], address: string): ApplyEvent => ({
  step,
  action,
  address,
  seconds: 1,
});

test("plans with the lock, asks, carries out the plan that was shown, and counts", async () => {
  const { deps, done } = stage(changed, (onEvent) => {
    onEvent(event("started", "update", webAddress));
    onEvent(event("done", "update", webAddress));
    onEvent(event("done", "create", "a.b"));
    onEvent(event("done", "delete", "a.c"));
  });
  await expect(applyEnvironment("prod", run, deps)).resolves.toMatchObject({
    environment: "prod",
    created: ["a.b"],
    changed: [webAddress],
    destroyed: ["a.c"],
  });
  expect(done).toEqual(["init", "plan to apply 7000", "agree 0", "apply /copy/saved.tfplan", "dispose"]);
});

test("nothing to do: no question is asked", async () => {
  const { deps, done } = stage(nothing);
  await expect(applyEnvironment("prod", run, deps)).resolves.toBeUndefined();
  expect(done).toEqual(["init", "plan to apply 7000", "dispose"]);
});

test("outputs alone are applied too: health and drift read them", async () => {
  const { deps, done } = stage(inLine);
  await applyEnvironment("prod", run, deps);
  expect(done).toContain("apply /copy/saved.tfplan");
});

test("who declines leaves everything as it is, and no copy", async () => {
  const declined = new Problem({ kind: "declined", code: "declined", message: "no" });
  const { deps, done } = stage(changed, undefined, { agree: () => Promise.reject(declined) });
  await expect(applyEnvironment("prod", run, deps)).rejects.toBe(declined);
  expect(done).toEqual(["init", "plan to apply 7000", "dispose"]);
});

test("a disk that was attached after the plan was shown is not lost, whatever was agreed to", async () => {
  const grown = threeWay({
    state: vmValues(),
    found: vmValues(),
    wanted: vmValues({ disk: [{ interface: "scsi0", size: 30 }] }),
  });
  const attached: Record<string, string> = { scsi5: "local-lvm:vm-201-disk-3,size=8G" };
  const readConfig = async () => ({ ...attached });
  const shown = stage(grown, undefined, { readConfig });
  await applyEnvironment("prod", run, shown.deps);
  expect(shown.done).toContain("agree 2");
  expect(shown.done).toContain("apply /copy/saved.tfplan");

  const { deps, done } = stage(grown, undefined, {
    readConfig,
    agree: async () => {
      attached.scsi6 = "local-lvm:vm-201-disk-4,size=8G";
    },
  });
  await expect(applyEnvironment("prod", run, deps)).rejects.toMatchObject({
    kind: "declined",
    code: "device-attached-since",
    message: expect.stringMatching(/^vm web \(201\) has got scsi6 \(/),
  });
  expect(done).toEqual(["init", "plan to apply 7000", "dispose"]);
});

test("a number that was taken after the plan was shown is refused before anything is made", async () => {
  const created = planJson({ changes: [entry({ actions: ["create"], after: vmValues() })] });
  const guests: GuestStatus[] = [];
  const { deps, done } = stage(created, undefined, {
    listGuests: async () => guests,
    agree: async () => {
      guests.push({
        vmid: 201,
        type: "lxc",
        name: "precious",
        node: "pve2",
        status: "running",
        template: false,
        uptime: 1,
        lock: undefined,
        tags: [],
      });
    },
  });
  await expect(applyEnvironment("prod", run, deps)).rejects.toMatchObject({
    kind: "configuration",
    code: "guest-number-taken",
  });
  expect(done).toEqual(["init", "plan to apply 7000", "dispose"]);
});

function problem(code: string, kind: ProblemKind = "undetermined") {
  return new Problem({ kind, code, message: "it failed", hint: "look" });
}

test("an apply that fails in the middle says what was done, what was not, and what to type", async () => {
  const { deps, done } = stage(changed, (onEvent) => {
    onEvent(event("started", "create", "a.b"));
    onEvent(event("done", "create", "a.b"));
    onEvent(event("started", "update", webAddress));
    onEvent(event("failed", "update", webAddress));
    throw problem("terraform-failed");
  });
  await expect(applyEnvironment("prod", run, deps)).rejects.toMatchObject({
    kind: "undetermined",
    code: "terraform-failed",
    message: `it failed (until then 1 created, 0 changed, 0 destroyed; not finished: ${webAddress})`,
    hint: "what is left to do: pve-home plan --env prod",
  });
  expect(done.at(-1)).toBe("dispose");
});

test.each(["terraform-stale", "state-locked"])(
  "%s: nothing was begun, and that is all there is",
  async (code) => {
    const { deps } = stage(changed, () => {
      throw problem(code);
    });
    await expect(applyEnvironment("prod", run, deps)).rejects.toMatchObject({
      message: "it failed",
      hint: "look",
    });
  },
);

test("the way back to a state that could not be written is kept", async () => {
  const { deps } = stage(changed, () => {
    throw problem("state-unwritten");
  });
  await expect(applyEnvironment("prod", run, deps)).rejects.toMatchObject({ hint: "look" });
});

test("a missing privilege: the command that grants it, then what is left to do", async () => {
  const { deps } = stage(changed, () => {
    throw problem("terraform-forbidden");
  });
  await expect(applyEnvironment("prod", run, deps)).rejects.toMatchObject({
    hint: "look; what is left to do: pve-home plan --env prod",
  });
});

test("nothing is asked or applied where the token cannot see what the plan is about", async () => {
  const blind = problem("proxmox-forbidden");
  const { deps, done } = stage(changed, undefined, { lookAt: () => Promise.reject(blind) });
  await expect(applyEnvironment("prod", run, deps)).rejects.toBe(blind);
  expect(done).toEqual(["init", "plan to apply 7000", "dispose"]);
});

test("plans of several environments: one that fails hides nothing about the others", async () => {
  const { deps, done } = stage(changed);
  const plans: PlanDependencies = {
    ...deps,
    readLock: async ({ directory }) =>
      directory === "/env/lab" ? { who: "anna", since: "2026", operation: "", id: "" } : undefined,
    lockTimeoutMs: 0,
  };
  const environments = [
    { name: "prod", run },
    { name: "lab", run: { ...run, directory: "/env/lab" } },
    { name: "none", problem: problem("proxmox-unreachable") },
  ];
  const reports = await planEnvironments(environments, plans, never);
  expect(reports.map(({ environment, status, problem: why }) => [environment, status, why?.code])).toEqual([
    ["prod", "changes", undefined],
    ["lab", "unknown", "state-locked"],
    ["none", "unknown", "proxmox-unreachable"],
  ]);
  expect(reports[0]).toMatchObject({
    resources: [{ address: webAddress, action: "update", changes: [{ path: "description", after: "x" }] }],
    outputs: ["inventory"],
  });
  expect(done).toEqual(["init", "plan", "dispose"]);
});

test("a plan made with another version of the provider says so", async () => {
  const planWith = async (version: string) => {
    const { deps } = stage(changed);
    const workspace = await deps.prepare(run);
    const providers = () => [{ address: "registry.opentofu.org/bpg/proxmox", version }];
    const plans = { ...deps, prepare: async () => ({ ...workspace, providers }) };
    const [report] = await planEnvironments([{ name: "prod", run }], plans, never);
    return report?.notes;
  };
  expect(await planWith("0.111.1")).toBeUndefined();
  expect(await planWith("0.112.0")).toEqual([expect.stringContaining("0.112.0")]);
});

test("an interrupt is no result", async () => {
  const interrupt = new AbortController();
  const { deps } = stage(changed);
  interrupt.abort(new Error("interrupted"));
  const plans = { ...deps, prepare: () => Promise.reject(interrupt.signal.reason) };
  await expect(planEnvironments([{ name: "prod", run }], plans, interrupt.signal)).rejects.toThrow(
    "interrupted",
  );
});
