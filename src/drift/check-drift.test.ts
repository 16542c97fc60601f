import { describe, expect, test } from "vitest";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import type { JsonObject } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { entry, planJson, threeWay, vmType, vmValues, webAddress } from "../plan/plan.test-helper.ts";
import { backupJobSource } from "./backup-jobs.ts";
import { checkDrift, type DriftDependencies, type DriftWorkspace } from "./check-drift.ts";

const now = Date.parse("2026-03-01T05:00:00Z");
const state = vmValues();
const webInState: JsonObject = { address: webAddress, mode: "managed", type: vmType, values: state };
const inLine = planJson({ state: [webInState] });
const drifted = {
  ...threeWay({ state, found: vmValues({ name: "x" }), wanted: state }),
  prior_state: inLine.prior_state,
};
const environment = (name: string) => ({
  name,
  run: { directory: `/env/${name}`, tool: "tofu" as const, environment: {} },
});
const problem = (code: string) => new Problem({ kind: "undetermined", code, message: `no ${code}` });

interface Fake {
  plan?: unknown;
  state?: unknown;
  failInit?: Error;
}

/** Environments by name: what their plan gives, or the error it throws. */
function fakes(environments: Record<string, Fake>, over: Partial<DriftDependencies> = {}) {
  const disposed: string[] = [];
  const logged: string[] = [];
  const prepare = async (run: TerraformRun): Promise<DriftWorkspace> => {
    const name = run.directory.slice("/env/".length);
    const fake = environments[name] ?? {};
    return {
      init: async () => {
        if (fake.failInit !== undefined) throw fake.failInit;
      },
      plan: async () => {
        if (fake.plan instanceof Error) throw fake.plan;
        return { exitCode: 2, planFile: "plan", json: fake.plan };
      },
      dispose: async () => void disposed.push(name),
      state: async () => {
        if (fake.state === undefined) throw problem("terraform-backend");
        return fake.state;
      },
    };
  };
  const deps: DriftDependencies = {
    prepare,
    everything: true,
    readLock: async () => undefined,
    clock: { now: () => now, sleep: async () => undefined },
    log: (line) => logged.push(line),
    lockTimeoutMs: 0,
    noise: [],
    ignoreUnmanaged: [],
    ...over,
  };
  return { deps, disposed, logged };
}

const guests = async (): Promise<GuestStatus[]> =>
  [201, 105].map((vmid) => ({
    vmid,
    type: "vm",
    name: vmid === 105 ? "leftover" : "web",
    node: "pve1",
    status: "running",
    template: false,
    uptime: 1,
    lock: undefined,
    tags: [],
  }));

describe("environments", () => {
  test("in line, drifted, failed: each its own report, in order, and every copy is removed", async () => {
    const { deps, disposed } = fakes({
      prod: { plan: drifted },
      lab: { plan: problem("terraform-unreachable") },
      office: { plan: inLine },
      attic: { failInit: problem("terraform-backend") },
    });
    const names = ["prod", "lab", "office", "attic"];
    const { reports, unmanaged } = await checkDrift(names.map(environment), deps);
    expect(reports.map((report) => [report.environment, report.status, report.problem?.code])).toEqual([
      ["prod", "drift", undefined],
      ["lab", "unknown", "terraform-unreachable"],
      ["office", "ok", undefined],
      ["attic", "unknown", "terraform-backend"],
    ]);
    expect(reports[0]).toMatchObject({ startedAt: "2026-03-01T05:00:00.000Z", durationMs: 0 });
    expect(disposed.toSorted()).toEqual(names.toSorted());
    expect(unmanaged).toBeUndefined();
  });

  test("one that could not be set up, and one whose code is at fault, hide nothing", async () => {
    const { deps } = fakes({ prod: { plan: drifted }, lab: { plan: new TypeError("x is not a function") } });
    const { reports } = await checkDrift(
      [
        { name: "office", problem: problem("proxmox-token-missing") },
        environment("lab"),
        environment("prod"),
      ],
      deps,
    );
    expect(reports.map(({ status, problem: found }) => [status, found?.code])).toEqual([
      ["unknown", "proxmox-token-missing"],
      ["unknown", "internal-error"],
      ["drift", undefined],
    ]);
  });

  test("a locked one is not planned", async () => {
    const { deps, disposed } = fakes(
      { prod: { plan: drifted }, lab: { plan: inLine } },
      {
        readLock: async ({ directory }) =>
          directory === "/env/prod"
            ? { who: "anna@laptop", since: "04:00", operation: "Apply", id: "1" }
            : undefined,
      },
    );
    const { reports } = await checkDrift(["prod", "lab"].map(environment), deps);
    expect(reports.map(({ status }) => status)).toEqual(["unknown", "ok"]);
    expect(reports[0]?.problem).toMatchObject({
      code: "state-locked",
      message: expect.stringContaining("locked by anna@laptop since 04:00"),
    });
    expect(disposed).toEqual(["lab"]);
  });

  test("a plan of an unknown form is unknown, not in line", async () => {
    const { deps } = fakes({ prod: { plan: { format_version: "9.0" } } });
    const { reports } = await checkDrift([environment("prod")], deps);
    expect(reports[0]).toMatchObject({ status: "unknown", problem: { code: "plan-unreadable" } });
  });

  test("an expired noise rule fails its environment alone, and what it covered is shown", async () => {
    const rule = { resource: webAddress, reason: "known", expires: "2026-02-28" };
    const { deps } = fakes({ prod: { plan: drifted }, lab: { plan: planJson({}) } }, { noise: [rule] });
    const { reports } = await checkDrift(["prod", "lab"].map(environment), deps);
    expect(
      reports.map(({ status, findings, problem: found }) => [status, findings.length, found?.code]),
    ).toEqual([
      ["unknown", 1, "noise-rule-expired"],
      ["ok", 0, undefined],
    ]);
  });

  test("an interruption ends the whole check, and still removes the copies", async () => {
    const interrupt = new AbortController();
    const { deps, disposed } = fakes({ prod: { plan: inLine } }, { signal: interrupt.signal });
    const prepare: DriftDependencies["prepare"] = async (run) => {
      const workspace = await deps.prepare(run);
      const plan = async () => {
        interrupt.abort(new Error("interrupted"));
        throw new Error("killed");
      };
      return { ...workspace, plan };
    };
    await expect(checkDrift([environment("prod")], { ...deps, prepare })).rejects.toThrow("interrupted");
    expect(disposed).toEqual(["prod"]);
  });
});

test("an environment that runs out of its own time leaves the others theirs", async () => {
  const limit = new AbortController();
  const { deps } = fakes({ prod: { plan: inLine }, lab: { plan: inLine } });
  const prepare: DriftDependencies["prepare"] = async (run) => {
    const workspace = await deps.prepare(run);
    const plan = async () => {
      limit.abort();
      throw limit.signal.reason;
    };
    return run.signal === undefined ? workspace : { ...workspace, plan };
  };
  const slow = { name: "lab", run: { ...environment("lab").run, signal: limit.signal } };
  const { reports } = await checkDrift([slow, environment("prod")], { ...deps, prepare });
  expect(reports.map(({ status, problem: found }) => [status, found?.code])).toEqual([
    ["unknown", "drift-timeout"],
    ["ok", undefined],
  ]);
});

describe("unmanaged guests", () => {
  test("the guests less every state's", async () => {
    const { deps } = fakes({ prod: { plan: inLine } }, { listGuests: guests });
    const { unmanaged } = await checkDrift([environment("prod")], deps);
    expect(unmanaged).toMatchObject({ status: "drift", findings: [{ subject: "vm/105 (leftover)" }] });
  });

  test("none, when the ignore list covers them", async () => {
    const { deps } = fakes({ prod: { plan: inLine } }, { listGuests: guests, ignoreUnmanaged: ["left*"] });
    expect((await checkDrift([environment("prod")], deps)).unmanaged).toMatchObject({
      status: "ok",
      findings: [],
    });
  });

  test("one that is declared and not in the state is a finding of its environment alone", async () => {
    const after = vmValues({ vm_id: 105, name: "leftover" });
    const address = webAddress.replace("web", "leftover");
    const plan = planJson({ state: [webInState], changes: [entry({ address, actions: ["create"], after })] });
    for (const everything of [true, false]) {
      const { deps } = fakes({ prod: { plan } }, { listGuests: guests, everything });
      const { reports, unmanaged } = await checkDrift([environment("prod")], deps);
      expect(reports[0]?.findings).toMatchObject([
        { verdict: "pending", subject: address, hint: expect.stringMatching(/state import --env prod 105$/) },
      ]);
      expect(unmanaged?.findings).toEqual(everything ? [] : undefined);
    }
  });

  test("unknown when one state could not be read, and it is named", async () => {
    const { deps } = fakes({ prod: { plan: inLine }, lab: { plan: problem("x") } }, { listGuests: guests });
    expect((await checkDrift(["prod", "lab"].map(environment), deps)).unmanaged).toMatchObject({
      status: "unknown",
      findings: [],
      problem: { code: "states-unread", message: expect.stringContaining("lab") },
    });
  });

  test("a failed plan does not matter when the stored state can be read", async () => {
    const { deps } = fakes(
      { prod: { plan: problem("x"), state: inLine.prior_state } },
      { listGuests: guests },
    );
    expect((await checkDrift([environment("prod")], deps)).unmanaged?.status).toBe("drift");
  });

  test("unknown when the API does not answer", async () => {
    const { deps } = fakes(
      { prod: { plan: inLine } },
      { listGuests: () => Promise.reject(problem("proxmox-unreachable")) },
    );
    expect((await checkDrift([environment("prod")], deps)).unmanaged).toMatchObject({
      status: "unknown",
      problem: { code: "proxmox-unreachable" },
    });
  });
});

describe("backup jobs", () => {
  const job = (id: string): JsonObject => ({
    address: `proxmox_backup_job.${id}`,
    mode: "managed",
    type: "proxmox_backup_job",
    values: { id, storage: "local" },
  });
  const withJobs = { values: { root_module: { resources: [job("nightly"), job("weekly")] } } };
  const present = ["nightly"].map((id) => ({
    id,
    enabled: true,
    schedule: "02:00",
    storage: "local",
    all: true,
    pool: undefined,
    vmids: [],
    exclude: [],
  }));
  const source = backupJobSource(async () => present);
  const deleted = {
    verdict: "deleted",
    subject: "proxmox_backup_job.weekly",
    hint: "tofu -chdir=/env/prod state rm 'proxmox_backup_job.weekly' && pve-home apply --env prod",
  };

  test("a missing one is found although the plan fails because of it", async () => {
    const { deps } = fakes(
      { prod: { plan: problem("terraform-failed"), state: withJobs } },
      { sources: [source] },
    );
    const { reports } = await checkDrift([environment("prod")], deps);
    expect(reports[0]).toMatchObject({
      status: "unknown",
      findings: [deleted],
      problem: { code: "terraform-failed", hint: deleted.hint },
    });
  });

  test("and beside a plan", async () => {
    const { deps } = fakes({ prod: { plan: { ...inLine, prior_state: withJobs } } }, { sources: [source] });
    const { reports } = await checkDrift([environment("prod")], deps);
    expect(reports[0]).toMatchObject({ status: "drift", findings: [deleted] });
  });

  test("without jobs in the state the API is not asked; a source that fails makes the check unknown", async () => {
    const failing = backupJobSource(() => Promise.reject(problem("proxmox-forbidden")));
    const { deps } = fakes(
      { prod: { plan: inLine }, lab: { plan: { ...inLine, prior_state: withJobs } } },
      {
        sources: [failing],
      },
    );
    const { reports } = await checkDrift(["prod", "lab"].map(environment), deps);
    expect(reports.map(({ status, problem: found }) => [status, found?.code])).toEqual([
      ["ok", undefined],
      ["unknown", "proxmox-forbidden"],
    ]);
  });
});
