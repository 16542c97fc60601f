import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { vmidsOf } from "../plan/guests.ts";
import { readPlan } from "../plan/plan-json.ts";
import { stateResources } from "../plan/state-resources.ts";
import { inspectPlan } from "./inspect-plan.ts";

// Plans that the real provider made (test/drift/record-plans.ts): what was done to the lab, and what must be said.

const folder = join(import.meta.dirname, "../../test/drift/generated");
const web = 'module.vms["web"].proxmox_virtual_environment_vm.this';
const dns = 'module.containers["dns"].proxmox_virtual_environment_container.this';

const firewallOf = (module: string) =>
  ["options", "rules"].map(
    (kind) => `pending ${module}.proxmox_virtual_environment_firewall_${kind}.this[0]`,
  );

const expected: Record<string, string[]> = {
  "in-line": [],
  "output-only": [],
  "agent-address": [],
  "mac-by-hand": [],
  "equal-edit": [],
  "cores-by-hand": [`outside ${web} cpu[0].cores: 2 in code, 4 found`],
  "stopped-by-hand": [`outside ${web} started: true in code, false found`],
  "disk-grown-by-hand": [`outside ${web} disk[0].size: 8 in code, 16 found`],
  "tags-by-hand": [`outside ${web} tags: ["web"] in code, ["hand","web"] found`],
  "tags-by-hand-and-in-code": [`outside ${web} tags: ["web","code"] in code, ["hand","web"] found`],
  "container-by-hand": [
    `outside ${dns} description: "Managed by Terraform\\n" in code, "mine\\n" found`,
    `outside ${dns} memory[0].dedicated: 512 in code, 1024 found`,
  ],
  "memory-in-code": [
    `pending ${web} memory[0].dedicated: 2048 to 3072`,
    `pending ${web} memory[0].floating: 2048 to 3072`,
  ],
  "agent-address-and-code": [
    `pending ${web} memory[0].dedicated: 2048 to 3072`,
    `pending ${web} memory[0].floating: 2048 to 3072`,
  ],
  both: [
    `outside ${web} cpu[0].cores: 2 in code, 4 found`,
    `pending ${web} memory[0].dedicated: 2048 to 3072`,
    `pending ${web} memory[0].floating: 2048 to 3072`,
  ],
  "guest-deleted": [`deleted ${web}`],
  "container-deleted": [`deleted ${dns}`],
  "guest-in-code": ['pending module.vms["api"].proxmox_virtual_environment_vm.this'],
  "guest-out-of-code": [`pending ${dns}`],
  "replaced-by-code": [
    `pending ${dns} unprivileged: true to false`,
    ...firewallOf('module.containers["dns"]'),
  ],
  "moved-in-code": ['pending module.vms["www"].proxmox_virtual_environment_vm.this name: "web" to "www"'],
};

function recorded(name: string) {
  const { plan }: { plan: unknown } = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  return readPlan(plan);
}

test("every recorded plan is looked at", () => {
  const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
  expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
});

test.each(Object.entries(expected))("%s", (name, lines) => {
  const { findings, problem } = inspectPlan(recorded(name), { noise: [], now: 0, apply: "terraform apply" });
  const found = findings.flatMap(({ verdict, subject, changes }) => {
    if (changes.length === 0) return [`${verdict} ${subject}`];
    return changes.map(({ path, before, after }) => {
      const [from, to] = [JSON.stringify(before), JSON.stringify(after)];
      const values = verdict === "outside" ? `${from} in code, ${to} found` : `${from} to ${to}`;
      return `${verdict} ${subject} ${path}: ${values}`;
    });
  });
  expect(found).toEqual(lines);
  expect(problem).toBeUndefined();
});

test("the guests of the state are those that were still there", () => {
  expect(vmidsOf(stateResources(recorded("in-line").priorState)).toSorted()).toEqual([201, 203]);
  expect(vmidsOf(stateResources(recorded("guest-deleted").priorState))).toEqual([203]);
});

test("a replacement names what forces it", () => {
  const { findings } = inspectPlan(recorded("replaced-by-code"), {
    noise: [],
    now: 0,
    apply: "terraform apply",
  });
  expect(findings[0]?.detail).toBe("to be replaced, because unprivileged cannot be changed in place");
});
