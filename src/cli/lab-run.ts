import { setTimeout as sleep } from "node:timers/promises";
import { type ControlClient, controlClient, readLabFacts } from "../../lab/control-client.ts";
import { isFolderLocked } from "../../lab/folder-lock.ts";
import type { LabFacts } from "../../lab/lab.ts";
import { faults } from "../../lab/world.ts";
import { jsonText } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import type { Io } from "./io.ts";
import type { LabFlags } from "./lab.ts";
import { guestChange } from "./lab-guest.ts";
import { asProblem, labDirectory } from "./lab-problem.ts";
import { labStatusText, listText } from "./lab-text.ts";

export async function status(io: Io, flags: LabFlags): Promise<void> {
  const { facts, control } = await running(io, flags);
  const seen = await asProblem(() => control.status());
  io.out(flags.json ? jsonText({ ...facts, ...seen }, 2) : labStatusText(facts, seen));
}

export async function listFaults(io: Io): Promise<void> {
  io.out(listText(Object.entries(faults).map(([name, { target, summary }]) => [name, target, summary])));
}

export async function breakIt(io: Io, flags: LabFlags, fault: string, target?: string): Promise<void> {
  const { control } = await running(io, flags);
  await asProblem(() => control.break(fault, target), "pve-home lab break lists the faults");
  io.out(`${fault}${target === undefined ? "" : ` on ${target}`}: on. pve-home lab mend switches it off.`);
}

export async function mend(io: Io, flags: LabFlags, fault?: string, target?: string): Promise<void> {
  const { control } = await running(io, flags);
  const mended = await asProblem(() => control.mend(fault, target), "pve-home lab break lists the faults");
  const names = mended.map((one) => (one.target === undefined ? one.name : `${one.name} on ${one.target}`));
  io.out(names.length === 0 ? "no such fault was on" : `off: ${names.join(", ")}`);
}

export async function changeGuest(
  io: Io,
  flags: LabFlags,
  action: string,
  guest: string,
  settings: readonly string[],
): Promise<void> {
  const change = guestChange(action, guest, settings);
  const { control } = await running(io, flags);
  await asProblem(() => change(control));
  io.out(`${guest}: ${[action, ...settings].join(" ").replace(/^set /, "")}`);
}

export async function down(io: Io, flags: LabFlags): Promise<void> {
  const { facts } = await running(io, flags);
  process.kill(facts.pid, "SIGTERM");
  for (let waited = 0; waited < 10_000; waited += 50) {
    await sleep(50);
    if (await isFolderLocked(facts.directory)) continue;
    io.out("the lab is down");
    return;
  }
  throw new Problem({
    kind: "undetermined",
    code: "lab-still-running",
    message: `the lab did not stop within 10 s`,
    hint: `kill ${facts.pid}`,
  });
}

/** The lab that runs in the folder, and has just answered; or a Problem that says how to start it. */
async function running(io: Io, flags: LabFlags): Promise<{ facts: LabFacts; control: ControlClient }> {
  const facts = await asProblem(() => readLabFacts(labDirectory(io, flags)));
  return { facts, control: controlClient(facts) };
}
