import { z } from "zod";
import type { JsonValue } from "../model/json.ts";
import { isObject } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { pathOf, type Sides } from "./leaf-paths.ts";

// What is used of `terraform show -json PLAN` (format 1.x, https://developer.hashicorp.com/terraform/internals/json-format).
// A plan names every resource four times and can be 100 MB, so only the frame goes through a schema; a resource is
// looked at by hand, and closely only when something is to be done about it.

export type PlanAction = "no-op" | "create" | "read" | "update" | "delete" | "replace" | "forget";

/** One entry of `resource_changes` or `resource_drift`. */
export interface ResourceChange {
  address: string;
  /** Where it was before a `moved` block. */
  previousAddress?: string;
  type: string;
  /** Key of a leftover of an interrupted replacement. */
  deposed?: string;
  action: PlanAction;
  /** `action_reason`, e.g. `replace_because_tainted`. */
  reason?: string;
  /** The id that an `import` block names; `""` where it is not known yet. */
  importing?: string;
  /** Attributes that force a replacement. */
  replacePaths: string[];
  sides: Sides;
}

export interface Plan {
  /** Address and type of every managed resource, changed or not. */
  resources: { address: string; type: string }[];
  /** What applying would do; without resources to which nothing happens, and without data sources. */
  changes: ResourceChange[];
  /** What was found to differ from the state. */
  drift: ResourceChange[];
  /** Names of the outputs that change. */
  outputs: string[];
  /** What each `check` block says that does not hold; Terraform only warns of it. */
  warnings: string[];
  /** The state after it was refreshed, as `terraform show -json` gives it. */
  priorState: unknown;
  configuration: unknown;
}

/** Of one `check` block, condition or validation: one without `count` and `for_each` has one instance. */
const instances = z.array(
  z.looseObject({ problems: z.array(z.looseObject({ message: z.string().default("") })).default([]) }),
);

const frame = z.looseObject({
  format_version: z.string().regex(/^1\./, "expected format 1.x"),
  resource_changes: z.array(z.unknown()).default([]),
  resource_drift: z.array(z.unknown()).default([]),
  output_changes: z.record(z.string(), z.looseObject({ actions: z.array(z.string()) })).default({}),
  checks: z
    .array(z.looseObject({ address: z.looseObject({ kind: z.string() }), instances: instances.default([]) }))
    .default([]),
  prior_state: z.unknown().optional(),
  configuration: z.unknown().optional(),
});

/** Reads a plan's JSON, parsed. Not of the documented form: a Problem `plan-unreadable`, naming the place. */
export function readPlan(json: unknown): Plan {
  const parsed = frame.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(issue?.path.join(".") || "the document", issue?.message ?? "expected an object");
  }
  const plan = parsed.data;
  const resources: Plan["resources"] = [];
  const changes: ResourceChange[] = [];
  for (const [index, entry] of plan.resource_changes.entries()) {
    const change = readChange(entry, `resource_changes[${index}]`);
    if (change === undefined) continue;
    resources.push({ address: change.address, type: change.type });
    if (change.action === "no-op" && change.importing === undefined && change.previousAddress === undefined)
      continue;
    changes.push(change);
  }
  const drift = plan.resource_drift.flatMap(
    (entry, index) => readChange(entry, `resource_drift[${index}]`) ?? [],
  );
  const outputs = Object.entries(plan.output_changes).flatMap(([name, { actions }]) =>
    actions.every((action) => action === "no-op") ? [] : name,
  );
  // Of resources, outputs and variables a condition that does not hold is an error, and there is no plan.
  const warnings = plan.checks
    .filter(({ address }) => address.kind === "check")
    .flatMap((check) => check.instances.flatMap(({ problems }) => problems.map(({ message }) => message)));
  const { prior_state: priorState, configuration } = plan;
  return { resources, changes, drift, outputs, warnings, priorState, configuration };
}

/** Undefined for a data source: reading one changes nothing. */
function readChange(entry: unknown, place: string): ResourceChange | undefined {
  if (!isObject(entry)) throw unreadable(place, "expected an object");
  const { address, type, change } = entry;
  if (typeof address !== "string") throw unreadable(`${place}.address`, "expected a text");
  if (typeof type !== "string") throw unreadable(`${place}.type`, "expected a text");
  if (entry.mode !== "managed") return undefined;
  if (!isObject(change)) throw unreadable(`${place}.change`, "expected an object");
  const result: ResourceChange = {
    address,
    type,
    action: actionOf(change.actions, `${place}.change.actions`),
    replacePaths: replacePathsOf(change.replace_paths),
    sides: {
      before: change.before,
      after: change.after,
      afterUnknown: change.after_unknown,
      beforeSensitive: change.before_sensitive,
      afterSensitive: change.after_sensitive,
    },
  };
  if (typeof entry.previous_address === "string") result.previousAddress = entry.previous_address;
  if (typeof entry.deposed === "string") result.deposed = entry.deposed;
  if (typeof entry.action_reason === "string") result.reason = entry.action_reason;
  if (isObject(change.importing)) result.importing = textOf(change.importing.id);
  return result;
}

function actionOf(actions: JsonValue | undefined, place: string): PlanAction {
  if (!Array.isArray(actions)) throw unreadable(place, "expected a list");
  const has = (action: string) => actions.includes(action);
  if (has("create") && (has("delete") || has("forget"))) return "replace";
  for (const action of ["create", "update", "delete", "forget", "read", "no-op"] as const) {
    if (has(action)) return action;
  }
  throw unreadable(place, `no known action in ${JSON.stringify(actions)}`);
}

function replacePathsOf(paths: JsonValue | undefined): string[] {
  if (!Array.isArray(paths)) return [];
  return paths.flatMap((path) => (Array.isArray(path) ? pathOf(path) : []));
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function unreadable(place: string, expected: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "plan-unreadable",
    message: `the plan's JSON is not of the documented form: ${expected}`,
    place,
    hint: "use Terraform or OpenTofu from 1.10 on",
  });
}
