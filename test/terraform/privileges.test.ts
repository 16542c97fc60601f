import { afterAll, beforeAll, expect, test } from "vitest";
import { newNode } from "../../lab/seed.ts";
import { resolveAllProviders } from "../../tools/programs/index.ts";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import { declareExample, freshProxmox } from "./newcomer.test-helper.ts";
import {
  commandsBelow,
  listed,
  neededBy,
  onNode,
  roleIn,
  settings,
  tokenWithout,
} from "./privileges.test-helper.ts";

// docs/privileges.md: its commands make tokens that suffice for the examples, and of its list nothing may be missing.

const environments = ["prod", "lab", "monitoring"] as const;
const commands = commandsBelow("Proxmox VE 9");

let home: ApplyDesk;
let read: string;
let applied: { exitCode: number | null; stderr: string }[];

beforeAll(async () => {
  home = await openApplyDesk();
  const { lab } = home;
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  await freshProxmox(lab, "prod");
  for (const name of environments) await declareExample(lab, name);
  const tokens = await onNode(lab, commands);
  read = settings(home, "exact", {
    read: tokens["monitor@pve"] ?? "",
    apply: tokens["terraform@pve"] ?? "",
  });
  const apply = (name: string) => home.pveHome("apply", "--config", read, "--env", name, "--yes");
  applied = await Promise.all(environments.map(apply));
});
afterAll(() => home?.close());

test("the page's roles have what its table lists, each privilege once, and in Proxmox VE 8 its own names", () => {
  const names = listed.map(({ privilege }) => privilege);
  expect(names).toEqual([...new Set(names)]);
  expect(roleIn(commands, "PveHomeApply")).toEqual(neededBy("apply"));
  const reading = [...roleIn(commands, "PveHomeRead"), ...roleIn(commands, "PveHomeSnippets")];
  const needed = neededBy("health", "hosts trust", "plan", "drift");
  expect([...new Set(reading)].sort()).toEqual(needed);
  const old = roleIn(commandsBelow("Proxmox VE 8"), "PveHomeRead");
  const kept = roleIn(commands, "PveHomeRead").filter((name) => !name.startsWith("VM.GuestAgent."));
  expect(old).toEqual([...kept, "VM.Monitor"].sort());
});

test("with these tokens every example is applied, and then nothing differs", async () => {
  for (const { exitCode, stderr } of applied) expect(exitCode, stderr).toBe(0);
  const drift = await home.pveHome("drift", "--config", read, "--all");
  expect(drift.exitCode, drift.stdout).toBe(0);
  const plan = await home.pveHome("plan", "--config", read, "--all", "--json");
  expect(JSON.parse(plan.stdout).environments.map(({ status }: { status: string }) => status)).toEqual(
    environments.map(() => "none"),
  );
});
