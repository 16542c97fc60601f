import type { DriftFinding } from "../model/drift.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { isProblem, type Problem } from "../model/problem.ts";
import { appliedValues, placeOf, type ReadConfig } from "../plan/guest-place.ts";
import type { StateResource } from "../plan/state-resources.ts";
import { type Device, namesOf, undeclaredDevices } from "../plan/undeclared.ts";
import { noiseFinding } from "./inspect-plan.ts";
import type { Judgement } from "./judgement.ts";
import { sift } from "./noise.ts";
import type { DriftContext, DriftSource } from "./source.ts";

/**
 * Devices that a guest has on Proxmox, and neither what was applied nor the code: the provider hides most of them from
 * the plan, and the next change of a block of their kind removes them.
 */
export function undeclaredDeviceSource(readConfig: ReadConfig): DriftSource {
  return {
    name: "undeclared devices",
    async inspect(context) {
      const looked = await Promise.all(
        (await context.state()).map((resource) => lookAt(resource, context, readConfig)),
      );
      const problems = looked.filter((one) => isProblem(one));
      const findings = looked.flatMap((one) => (isProblem(one) ? [] : one));
      return { findings, problem: problems[0] };
    },
  };
}

async function lookAt(
  { address, type, values }: StateResource,
  { plan, noise, signal }: DriftContext,
  readConfig: ReadConfig,
): Promise<DriftFinding[] | Problem> {
  const place = placeOf(type, values);
  if (place === undefined) return [];
  const wanted = plan?.changes.find((change) => change.address === address)?.sides.after;
  const applied = plan === undefined ? values : appliedValues(plan, address, values);
  const sides: JsonObject[] = [applied, ...(isObject(wanted) ? [wanted] : [])];
  try {
    const config = await readConfig(place, signal);
    const devices = undeclaredDevices(type, config, sides).filter(({ block }) => block.silent !== true);
    return devices.length === 0 ? [] : findingsOf({ address, type }, devices, noise);
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
}

function findingsOf(
  { address, type }: { address: string; type: string },
  devices: readonly Device[],
  noise: DriftContext["noise"],
): DriftFinding[] {
  const changes = devices.map(({ key, value }) => ({ path: key, after: value }));
  const judgement: Judgement = { verdict: "outside", address, type, changes };
  const sifted = sift([judgement], noise);
  const of = (part: Judgement) => devices.filter(({ key }) => part.changes.some(({ path }) => path === key));
  return [
    ...sifted.drift.map((part) => outside(address, of(part))),
    ...sifted.noise.map(({ judgement: part, rule }) =>
      noiseFinding(part, rule, `not declared: ${namesOf(of(part))}`),
    ),
  ];
}

function outside(address: string, devices: readonly Device[]): DriftFinding {
  return {
    verdict: "outside",
    subject: address,
    changes: devices.map(({ key, value }) => ({ path: key, after: value })),
    detail: `not declared: ${namesOf(devices)}; ${consequence(devices)}`,
    hint: "declare it in the code, or remove it by hand",
  };
}

function consequence(devices: readonly Device[]): string {
  const blocks = devices.flatMap(({ block: { block, update } }) =>
    update === "removes" && block !== undefined ? block : [],
  );
  if (blocks.length === 0) return "replacing the guest would destroy it";
  return `the next change of ${[...new Set(blocks)].join(" or ")} would detach it`;
}
