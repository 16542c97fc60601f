import pLimit from "p-limit";
import { select } from "../homelab/select.ts";
import type { Finding, HealthReport } from "../model/health.ts";
import { isProblem } from "../model/problem.ts";
import { type ClusterReading, readClusters } from "./cluster-reading.ts";
import { type Component, componentsOf, kinds } from "./component.ts";
import { checkComponent } from "./component-run.ts";
import { probeOf } from "./probe.ts";
import type { EnvironmentToCheck, HealthRun } from "./run.ts";

interface Job {
  plan: EnvironmentToCheck;
  component: Component;
  cluster: ClusterReading;
}

/**
 * Checks all environments at once; one report each, in their order, findings in the order of the components and
 * then of `checks`. Fails only with a `usage` Problem for a selection that matches nothing.
 */
export async function checkHealth(run: HealthRun): Promise<HealthReport[]> {
  const { clock } = run;
  const startedAt = new Date(clock.now()).toISOString();
  const start = clock.now();
  const declared = run.environments.map((plan) => ({
    plan,
    components: isProblem(plan.inventory) ? [] : componentsOf(plan.inventory, endpointsOf(plan)),
  }));
  const selected = select(
    run.selection ?? {},
    declared.flatMap(({ components }) => components),
    {
      kinds,
      everything: !run.environments.some((plan) => isProblem(plan.inventory)),
      warn: run.warn ?? run.log,
    },
  );
  const clusters = readClusters(run);
  const probe = probeOf(run.checks);
  const jobs = declared.flatMap(({ plan, components }): Job[] =>
    components.filter(selected).map((component) => ({ plan, component, cluster: clusters(plan) })),
  );
  const findings = new Map<EnvironmentToCheck, Finding[][]>();
  const finishedAt = new Map<EnvironmentToCheck, number>();
  const results = await pLimit(run.concurrency).map(jobs, async ({ plan, component, cluster }) => {
    const rows = await checkComponent({ run, probe }, plan, component, cluster);
    finishedAt.set(plan, clock.now());
    return { plan, rows };
  });
  for (const { plan, rows } of results) findings.set(plan, [...(findings.get(plan) ?? []), rows]);
  return run.environments.map((plan) => ({
    environment: plan.environment,
    startedAt,
    durationMs: Math.round((finishedAt.get(plan) ?? clock.now()) - start),
    findings: ofInventory(plan) ?? findings.get(plan)?.flat() ?? [],
  }));
}

function endpointsOf({ proxmox }: EnvironmentToCheck): readonly string[] {
  return isProblem(proxmox) ? [] : proxmox.endpoints;
}

/** What there is to say about an environment in which nothing can be checked; undefined for the others. */
function ofInventory({ environment, inventory }: EnvironmentToCheck): Finding[] | undefined {
  const row = { component: environment, type: "environment", check: "inventory", durationMs: 0 };
  if (isProblem(inventory)) {
    const { message, code, hint } = inventory;
    const detail = `what is declared here could not be read: ${message}`;
    return [{ ...row, status: "unknown", detail, code, ...(hint === undefined ? {} : { hint }) }];
  }
  if (componentsOf(inventory).length > 0) return undefined;
  // Without a row it would read as all well.
  return [{ ...row, status: "warn", detail: "declares nothing to check", code: "inventory-empty" }];
}
