import { glob } from "../homelab/glob.ts";
import type { AttributeChange, NoiseRule } from "../model/drift.ts";
import type { Judgement } from "./judgement.ts";

export interface NoiseVerdict {
  judgement: Judgement;
  rule: NoiseRule;
}

export interface Sifted {
  drift: Judgement[];
  noise: NoiseVerdict[];
}

/** Whether a rule's last day is over; days are those of UTC. */
export function isExpired(rule: NoiseRule, now: number): boolean {
  return new Date(now).toISOString().slice(0, 10) > rule.expires;
}

/** Whether a rule is about any of these resources. */
export function concerns(rule: NoiseRule, resources: readonly { address: string; type: string }[]): boolean {
  const matches = resourceTest(rule);
  return resources.some(matches);
}

/** Takes what the rules cover out of the judgements; a judgement that a rule covers in part is divided. */
export function sift(judgements: readonly Judgement[], rules: readonly NoiseRule[]): Sifted {
  const tests = rules.map((rule) => ({
    rule,
    resource: resourceTest(rule),
    attribute: attributeTest(rule.attribute),
  }));
  const sifted: Sifted = { drift: [], noise: [] };
  for (const judgement of judgements) {
    const concerning = tests.filter(({ resource }) => resource(judgement));
    const whole = concerning.find(({ rule }) => rule.attribute === undefined);
    if (whole !== undefined) {
      sifted.noise.push({ judgement, rule: whole.rule });
      continue;
    }
    let rest = judgement.changes;
    for (const { rule, attribute } of concerning) {
      const covered = rest.filter(attribute);
      if (covered.length === 0) continue;
      rest = rest.filter((change) => !covered.includes(change));
      sifted.noise.push({ judgement: { ...judgement, changes: covered }, rule });
    }
    if (rest.length > 0 || judgement.changes.length === 0) sifted.drift.push({ ...judgement, changes: rest });
  }
  return sifted;
}

function resourceTest(rule: NoiseRule): (resource: { address: string; type: string }) => boolean {
  const matches = glob(rule.resource, { brackets: "literal" });
  return ({ address, type }) => matches(address) || matches(type);
}

/** A pattern for a block covers what is in it: `network_device[0]` covers `network_device[0].mac_address`. */
function attributeTest(pattern: string | undefined): (change: AttributeChange) => boolean {
  if (pattern === undefined) return () => true;
  const matches = glob(pattern, { brackets: "literal" });
  return ({ path }) => {
    const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => index).filter((index) => index > 0);
    return matches(path) || ends.some((end) => matches(path.slice(0, end)));
  };
}
