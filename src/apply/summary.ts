import type { AttributeChange } from "../model/drift.ts";
import type { PlannedAction, PlannedResource, PlanReport } from "../model/plan.ts";
import { configuredAttributes } from "../plan/configured.ts";
import { effectOf } from "../plan/effect.ts";
import { forces, type Given, isOwn, plannedLeaves } from "../plan/own-leaves.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { forecastOf } from "./forecast.ts";

export type PlanSummary = Pick<PlanReport, "status" | "resources" | "unchanged" | "outputs" | "forecast">;

/** What a plan would do; sensitive values are masked, those that are not known yet say so. */
export function summaryOf(plan: Plan): PlanSummary {
  const given = configuredAttributes(plan.configuration);
  const resources = plan.changes.map((change) => plannedResource(change, given));
  const touched = new Set(resources.map(({ address }) => address));
  return {
    status: resources.length > 0 || plan.outputs.length > 0 ? "changes" : "none",
    resources,
    unchanged: plan.resources.filter(({ address }) => !touched.has(address)).length,
    outputs: plan.outputs,
    forecast: forecastOf(plan),
  };
}

function plannedResource(change: ResourceChange, given: Given): PlannedResource {
  const detail = detailOf(change);
  return {
    address: change.address,
    action: actionOf(change),
    ...(detail === undefined ? {} : { detail }),
    changes: changesOf(change, given),
  };
}

function actionOf({ action, importing }: ResourceChange): PlannedAction {
  if (action === "no-op" || action === "read") return importing === undefined ? "move" : "import";
  return action;
}

function detailOf(change: ResourceChange): string | undefined {
  const effect = effectOf(change);
  const parts = [
    effect !== undefined && "why" in effect ? effect.why : "",
    change.importing ? `imported as ${change.importing}` : "",
    change.previousAddress === undefined ? "" : `was ${change.previousAddress}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts.join("; ");
}

function changesOf(change: ResourceChange, given: Given): AttributeChange[] {
  const leaves = plannedLeaves(change).filter((leaf) => isOwn(change, leaf, given));
  leaves.sort((a, b) => Number(forces(change, b.path)) - Number(forces(change, a.path)));
  return leaves.map(({ unknown: _, ...attribute }) => attribute);
}
