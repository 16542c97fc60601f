import type { DriftFinding } from "../model/drift.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { namesOf } from "../model/plan.ts";
import { isProblem, type Problem } from "../model/problem.ts";
import { configuredAttributes } from "../plan/configured.ts";
import type { DeviceBlock } from "../plan/device-blocks.ts";
import { type DeviceFate, fatesOf, removingByHand } from "../plan/device-fate.ts";
import { appliedValues, type GuestPlace, placeOf, type ReadConfig } from "../plan/guest-place.ts";
import type { StateResource } from "../plan/state-resources.ts";
import { attributesOf, type Device, undeclaredDevices } from "../plan/undeclared.ts";
import { noiseFinding } from "./inspect-plan.ts";
import type { Judgement } from "./judgement.ts";
import { sift } from "./noise.ts";
import type { DriftContext, DriftSource, SourceFindings } from "./source.ts";

/**
 * Devices that a guest has on Proxmox, and neither what was applied nor the code: the provider hides most of them from
 * the plan, and a change of a block of their kind, or a replacement, takes them.
 */
export function undeclaredDeviceSource(readConfig: ReadConfig): DriftSource {
  return {
    name: "undeclared devices",
    async inspect(context) {
      const looked = await Promise.all(
        (await context.state()).map((resource) => lookAt(resource, context, readConfig)),
      );
      const problems = looked.filter((one) => isProblem(one));
      const found = looked.flatMap((one) => (isProblem(one) || one === undefined ? [] : one));
      return {
        findings: found.flatMap(({ findings }) => findings),
        told: new Map(found.flatMap(({ told }) => [...(told ?? [])])),
        problem: problems[0],
      };
    },
  };
}

/** A guest that has devices which are not declared, and what becomes of those of a block. */
interface Owner {
  address: string;
  type: string;
  place: GuestPlace;
  fateOf(block: DeviceBlock): DeviceFate | undefined;
}

async function lookAt(
  { address, type, values }: StateResource,
  { plan, noise, signal }: DriftContext,
  readConfig: ReadConfig,
): Promise<SourceFindings | Problem | undefined> {
  const place = placeOf(type, values);
  if (place === undefined) return undefined;
  const change = plan?.changes.find((one) => one.address === address);
  const wanted = change?.sides.after;
  const applied = plan === undefined ? values : appliedValues(plan, address, values);
  const sides: JsonObject[] = [applied, ...(isObject(wanted) ? [wanted] : [])];
  const fateOf =
    plan === undefined || change === undefined
      ? () => undefined
      : fatesOf(change, configuredAttributes(plan.configuration));
  try {
    const config = await readConfig(place, signal);
    const devices = undeclaredDevices(type, config, sides).filter(({ block }) => block.silent !== true);
    if (devices.length === 0) return undefined;
    const findings = findingsOf({ address, type, place, fateOf }, devices, noise);
    return { findings, told: new Map([[address, attributesOf(devices, values)]]) };
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
}

function findingsOf(owner: Owner, devices: readonly Device[], noise: DriftContext["noise"]): DriftFinding[] {
  const { address, type } = owner;
  const changes = devices.map(({ key, value }) => ({ path: key, after: value }));
  const judgement: Judgement = { verdict: "outside", address, type, changes };
  const sifted = sift([judgement], noise);
  const of = (part: Judgement) => devices.filter(({ key }) => part.changes.some(({ path }) => path === key));
  return [
    ...sifted.drift.map((part) => outside(owner, of(part))),
    ...sifted.noise.map(({ judgement: part, rule }) =>
      noiseFinding(part, rule, `not declared: ${namesOf(of(part))}`),
    ),
  ];
}

function outside({ address, place, fateOf }: Owner, devices: readonly Device[]): DriftFinding {
  const groups = Map.groupBy(devices, ({ block }) => consequence(block, fateOf(block)));
  const parts = [...groups].map(([consequence, group]) => `${namesOf(group)}: ${consequence}`);
  const keys = devices.map(({ key }) => key);
  // Our modules declare new devices alone, none that is there already.
  const declare = address.startsWith("module.") ? "" : "; to keep it, declare it in the code";
  return {
    verdict: "outside",
    subject: address,
    changes: devices.map(({ key, value }) => ({ path: key, after: value })),
    detail: `not declared: ${parts.join("; ")}`,
    hint: `remove it by hand, ${removingByHand(place, keys)}${declare}`,
  };
}

function consequence({ block, update }: DeviceBlock, fate: DeviceFate | undefined): string {
  if (fate === "destroyed")
    return "the next apply replaces or destroys the guest with all its data, and this too";
  if (fate === "detached") return "the next apply would detach it";
  return update === "removes" && block !== undefined
    ? `the next change of ${block} would detach it`
    : "replacing the guest would destroy it";
}
