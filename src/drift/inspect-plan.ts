import type { DriftFinding, NoiseRule } from "../model/drift.ts";
import { Problem } from "../model/problem.ts";
import { isBookkeeping, moduleOf } from "../model/terraform-address.ts";
import type { Plan } from "../plan/plan-json.ts";
import type { Judgement } from "./judgement.ts";
import { concerns, isExpired, sift } from "./noise.ts";
import { verdictsOf } from "./verdicts.ts";
import { detailOf, findingOf } from "./wording.ts";

/** How long before a rule's end it is announced, in milliseconds. */
const announceMs = 14 * 24 * 60 * 60 * 1000;
const namedInNote = 5;

export interface PlanInspection {
  findings: DriftFinding[];
  notes: string[];
  /** An expired rule that is about resources of this plan. */
  problem: Problem | undefined;
}

/**
 * A plan in verdicts, `noise` included. An expired rule covers nothing any more, and is a Problem
 * `noise-rule-expired` wherever it is about a resource of the environment, so that it is reviewed.
 */
export function inspectPlan(
  plan: Plan,
  options: { noise: readonly NoiseRule[]; now: number; apply: string },
): PlanInspection {
  const rules = options.noise.filter((rule) => concerns(rule, plan.resources));
  const inForce = rulesInForce(rules, options.now);
  const expired = rules.filter((rule) => !inForce.includes(rule));
  const { judgements, lagging, moved } = verdictsOf(plan);
  const { drift, noise } = sift(judgements, inForce);
  const { shown, along } = withoutBookkeeping(drift);
  const findings = shown.map((judgement) => findingOf(judgement, options.apply));
  for (const { judgement, rule } of noise) findings.push(noiseFinding(judgement, rule));
  const notes = [
    ...note(
      lagging.map(({ address, attributes }) => `${address} (${attributes.join(", ")})`),
      "not what the state has, and applying would change nothing about it",
    ),
    ...note(along, "bookkeeping of a module, which goes along with what else there is to do about it"),
    ...note(moved, "moved in the code; the state learns it with the next apply"),
    ...inForce
      .filter((rule) => isExpired(rule, options.now + announceMs))
      .map((rule) => `the noise rule for ${nameOf(rule)} holds until ${rule.expires}`),
  ];
  return { findings, notes, problem: expiredProblem(expired) };
}

export function rulesInForce(rules: readonly NoiseRule[], now: number): NoiseRule[] {
  return rules.filter((rule) => !isExpired(rule, now));
}

/**
 * What a module notes in the state for itself follows what it does: where there is a finding about that, this is the
 * one to report. Alone it is shown like any other resource, as what was declared and not applied yet.
 */
function withoutBookkeeping(drift: readonly Judgement[]): { shown: Judgement[]; along: string[] } {
  const own = drift.filter(({ address }) => !isBookkeeping(address));
  const modules = new Set(own.map(({ address }) => moduleOf(address)));
  const shown = drift.filter(({ address }) => !isBookkeeping(address) || !modules.has(moduleOf(address)));
  return { shown, along: drift.flatMap((one) => (shown.includes(one) ? [] : one.address)) };
}

export function noiseFinding(
  judgement: Judgement,
  rule: NoiseRule,
  detail = detailOf(judgement),
): DriftFinding {
  return {
    verdict: "noise",
    subject: judgement.address,
    changes: judgement.changes,
    detail,
    reason: `${rule.reason} (until ${rule.expires})`,
  };
}

function expiredProblem(rules: readonly NoiseRule[]): Problem | undefined {
  if (rules.length === 0) return undefined;
  const list = rules.map((rule) => `${nameOf(rule)} (${rule.expires}: ${rule.reason})`).join(", ");
  return new Problem({
    kind: "undetermined",
    code: "noise-rule-expired",
    message: `${rules.length === 1 ? "a noise rule has" : "noise rules have"} expired: ${list}`,
    place: "pve-home.yaml: drift.noise",
    hint: "remove the rule, or look at the difference again and give it a new date",
  });
}

function nameOf({ resource, attribute }: NoiseRule): string {
  return attribute === undefined ? resource : `${resource} ${attribute}`;
}

function note(addresses: readonly string[], text: string): string[] {
  if (addresses.length === 0) return [];
  const more = addresses.length - namedInNote;
  const named = addresses.slice(0, namedInNote).join(", ");
  return [`${named}${more > 0 ? ` and ${more} more` : ""}: ${text}`];
}
