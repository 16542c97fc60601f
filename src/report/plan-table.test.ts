import { expect, test } from "vitest";
import type { GuestForecast, PlannedResource, PlanReport } from "../model/plan.ts";
import { applyStepLine, renderApplied } from "./apply-lines.ts";
import { forecastSentence, lossSentence, renderPlan } from "./plan-table.ts";
import { hostile } from "./test-reports.ts";

const web = 'module.vms["web"].proxmox_virtual_environment_vm.this';
const dns = 'module.containers["dns"].proxmox_virtual_environment_container.this';

const update: PlannedResource = {
  address: web,
  action: "update",
  changes: [
    { path: "memory[0].dedicated", before: 2048, after: 4096 },
    { path: "description", after: "(sensitive)" },
  ],
};
const away: GuestForecast = {
  address: web,
  kind: "vm",
  guest: "web",
  vmid: 201,
  effect: "stop-start",
  causes: ["memory[0].dedicated"],
};

function planReport(facts: Partial<PlanReport>): PlanReport {
  return {
    environment: "prod",
    startedAt: "2026-11-20T06:00:00.000Z",
    durationMs: 2300,
    status: "changes",
    resources: [],
    unchanged: 3,
    outputs: [],
    forecast: [],
    ...facts,
  };
}

test("a row for each attribute, a line that counts, and who would be away", () => {
  const created: PlannedResource = { address: dns, action: "create", changes: [] };
  const report = planReport({ resources: [created, update], outputs: ["code"], forecast: [away] });
  expect(renderPlan([report])).toBe(`resource  action  now → then
───────────────────────────────────────────────────
lxc dns   create
vm web    update  memory[0].dedicated: 2048 → 4096
                  description: (none) → (sensitive)

prod: 1 to create, 1 to update; 3 unchanged; outputs to change: code

Restart forecast: 1 guest would be away.

guest         what happens         because of
──────────────────────────────────────────────────────
vm web (201)  stopped and started  memory[0].dedicated
`);
});

test("bookkeeping of modules is counted and not listed, unless --verbose; what stands in the code itself is listed", () => {
  const create = (address: string): PlannedResource => ({ address, action: "create", changes: [] });
  const guest = 'module.containers["dns"].terraform_data.guest[0]';
  const resources = [dns, guest, "terraform_data.mine"].map(create);
  const text = renderPlan([planReport({ resources })]);
  expect(text).toMatch(/^lxc dns +create\nterraform data mine +create\n\n/m);
  expect(text).toContain("prod: 3 to create (1 of them bookkeeping of modules: --verbose); 3 unchanged");
  const verbose = renderPlan([planReport({ resources })], { verbose: true, width: 200 });
  expect(verbose).toContain(guest);
  expect(verbose).toContain("prod: 3 to create; 3 unchanged");
});

test("a reason that is no attribute is said in its place", () => {
  const reason = "its last creation did not finish";
  const tainted: GuestForecast = { ...away, effect: "replaced", causes: [], reason };
  const text = renderPlan([planReport({ resources: [update], forecast: [tainted] })], { width: 120 });
  expect(text).toMatch(/vm web \(201\) +destroyed and re-created +its last creation did not finish\n/);
  const lost: GuestForecast = { ...losing, causes: [], reason, fate: "destroyed" };
  expect(lossSentence([lost])).toContain(`would be destroyed, because ${reason}, and the code`);
});

test("what keeps running is separate from what stops", () => {
  const later = renderPlan([
    planReport({ resources: [update], forecast: [{ ...away, effect: "after-reboot" }] }),
  ]);
  expect(later).toContain("no guest is stopped, restarted or replaced");
  expect(later).toContain("waits for its next reboot");
});

const losing: GuestForecast = {
  ...away,
  effect: "loses-device",
  causes: ["disk"],
  devices: [
    { key: "scsi5", value: "local-lvm:vm-201-disk-3, 8G" },
    { key: "sata2", value: "local-lvm:vm-201-disk-4, 2G" },
  ],
  fate: "detached",
};

test("what is lost comes first, device by device, and is no time away; notes come last", () => {
  const note = "the restart forecast was made for another version";
  const report = planReport({ resources: [update], forecast: [losing], notes: [note] });
  const [, forecast = ""] = renderPlan([report], { width: 160 }).split("unchanged\n\n");
  expect(forecast.split("\n").filter((line) => line !== "" && !line.startsWith("─"))).toEqual([
    "Restart forecast: 1 guest would lose what is not declared; no guest is stopped, restarted or replaced.",
    "guest         what happens                because of",
    "vm web (201)  loses what is not declared  scsi5 (local-lvm:vm-201-disk-3, 8G) and sata2 (local-lvm:vm-201-disk-4, 2G) would be detached: disk changes",
    `note: ${note}`,
  ]);
});

test("the forecast's first sentence keeps within the width", () => {
  const lines = renderPlan([planReport({ resources: [update], forecast: [losing] })]).split("\n");
  const at = lines.findIndex((line) => line.startsWith("Restart forecast: 1 guest"));
  expect(lines[at + 1]).toMatch(/restarted or replaced\.$/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("a sentence for the refusal: guest, devices, what becomes of them, and why", () => {
  const gone: GuestForecast = {
    ...losing,
    devices: [{ key: "mp0", value: "tank:1" }],
    causes: [],
    fate: "destroyed",
  };
  expect(lossSentence([losing, gone, away])).toBe(
    "vm web (201): scsi5 (local-lvm:vm-201-disk-3, 8G) and sata2 (local-lvm:vm-201-disk-4, 2G) would be detached, because of a change of disk, and the code does not declare it; vm web (201): mp0 (tank:1) would be destroyed, and the code does not declare it",
  );
  expect(lossSentence([away])).toBe("");
  const devices = [1, 2, 3, 4, 5, 6].map((number) => ({ key: `scsi${number}`, value: "tank" }));
  for (const { key } of devices) expect(lossSentence([{ ...losing, devices }])).toContain(`${key} (tank)`);
});

test("nothing to do, nothing but outputs, and no plan at all", () => {
  expect(renderPlan([planReport({ status: "none" })])).toBe("prod: nothing to do, 3 resources as declared\n");
  expect(renderPlan([planReport({ outputs: ["inventory"] })])).toBe(
    "prod: 3 unchanged; outputs to change: inventory\n",
  );
  const problem = { code: "state-locked", message: "the state is locked by anna@laptop", hint: "wait" };
  const lab = planReport({ environment: "lab", status: "unknown", problem });
  expect(renderPlan([planReport({ status: "none" }), lab])).toBe(`prod

prod: nothing to do, 3 resources as declared

lab

lab could not be planned: the state is locked by anna@laptop
  try: wait
`);
});

test("why something is replaced stands in its first row; --verbose shows Terraform's address", () => {
  const resource: PlannedResource = {
    address: dns,
    action: "replace",
    detail: "unprivileged cannot be changed in place",
    changes: [{ path: "unprivileged", before: true, after: false }],
  };
  const text = renderPlan([planReport({ resources: [resource] })], { width: 200, verbose: true });
  expect(text).toContain(`${dns}  replace  unprivileged cannot be changed in place`);
  expect(text).toMatch(/^ +unprivileged: true → false$/m);
});

test("a long value is cut short, unless --verbose", () => {
  const changes = [{ path: "rule[0]", after: { comment: "x".repeat(100) } }];
  const reports = [planReport({ resources: [{ ...update, changes }] })];
  expect(renderPlan(reports, { width: 300 })).toMatch(/rule\[0\]: \(none\) → \{"comment":"x{40,48}…$/m);
  expect(renderPlan(reports, { width: 300, verbose: true })).toContain("x".repeat(100));
});

test("nothing that comes from Proxmox reaches the terminal as it is", () => {
  const forecast = [{ ...away, guest: hostile, causes: [hostile] }];
  const resource = { ...update, detail: hostile, changes: [{ path: hostile, before: hostile }] };
  const text = renderPlan([planReport({ resources: [resource], forecast })]);
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});

test("a sentence for the question: everybody who would be away, by what happens", () => {
  const others: GuestForecast[] = [
    { ...away, guest: "db", vmid: 202 },
    { ...away, kind: "lxc", guest: "dns", vmid: 203, effect: "replaced" },
    { ...away, guest: "new", effect: "may-restart" },
    { ...away, guest: "calm", effect: "migrated" },
  ];
  expect(forecastSentence([away, ...others])).toBe(
    "vm web (201) and vm db (202) would be stopped and started; lxc dns (203) would be destroyed and re-created; vm new (201) may restart",
  );
  expect(forecastSentence([])).toBe("");
});

test("progress and the closing line", () => {
  expect(applyStepLine({ step: "started", action: "create", address: web, seconds: 0 })).toBe(
    "creating vm web",
  );
  expect(applyStepLine({ step: "running", action: "update", address: web, seconds: 70 })).toBe(
    "still changing vm web after 1 min 10 s",
  );
  expect(applyStepLine({ step: "done", action: "delete", address: dns, seconds: 2 })).toBe(
    "destroyed lxc dns in 2.0 s",
  );
  const outcome = { environment: "prod", durationMs: 4600, created: [web], changed: [], destroyed: [] };
  expect(renderApplied(outcome, "pve-home hosts trust --env prod")).toBe(
    "prod: 1 created, 0 changed, 0 destroyed in 4.6 s\n  next: pve-home hosts trust --env prod\n",
  );
  expect(renderApplied(outcome, undefined)).toBe("prod: 1 created, 0 changed, 0 destroyed in 4.6 s\n");
});
