import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { isWorkedIn } from "../../src/connect/working-folders.ts";
import { driftDocumentSchema } from "../../src/report/json-schema.ts";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import { declared } from "../apply/changed-guests.ts";
import type { Ran, Started } from "../e2e/cli.test-helper.ts";
import { callApi } from "../terraform/live.test-helper.ts";

export const endings = ["SIGHUP", "SIGQUIT", "SIGKILL", "closed terminal"] as const;

export type Ending = (typeof endings)[number];

/** What became of the two guests of an apply that was killed. */
export interface Aftermath {
  /** Guests on the lab. */
  made: number[];
  /** Of these, those that the state had at once. */
  inState: number[];
  /** Of the others: what drift says about each, and whether the command it names has brought it back. */
  found: { vmid: number; findings: string[]; command: string | undefined; back: boolean }[];
  /** Of the apply that came last: where everything is as declared, and nothing was made a second time. */
  mended: { exitCode: number | null; destroyed: string[]; stderr: string } | undefined;
  /** Private copies that are still there after the next run. */
  left: string[];
}

export interface Kill {
  ending: Ending;
  /** So long after this. */
  after: "start" | "creating";
  ms: number;
  /** The code gives the guests their numbers; else Proxmox does. */
  numbered: boolean;
}

/** A place to kill one apply after the other. */
export interface Killing {
  kill(kill: Kill): Promise<Aftermath>;
  close(): Promise<void>;
}

const names = { sandbox: 'vms["sandbox"]', ct: 'containers["ct"]' };
/** The longest wait for something that happens for certain, in milliseconds. */
const patienceMs = 60_000;

export async function openKilling(): Promise<Killing> {
  const desk = await openApplyDesk("any", { taskSeconds: 0.5 });
  await desk.lab.declare("prod", "");
  await desk.lab.run("lab", "init", "-input=false");
  const restore = await desk.lab.snapshot("lab", "prod");
  return {
    kill: async (kill) => {
      await restore();
      const guest = (vm_id: number) => (kill.numbered ? { vm_id } : { ipv4: `127.10.1.${vm_id - 250}/8` });
      const vms = { sandbox: { ...guest(305), agent_enabled: false } };
      await desk.lab.declare("lab", declared({ vms, containers: { ct: guest(306) } }));
      await desk.lab.control.clearRequests();
      await killAt(desk, kill);
      await settled(desk);
      return aftermath(desk);
    },
    close: () => desk.close(),
  };
}

async function killAt(desk: ApplyDesk, { ending, after, ms }: Kill) {
  const onTerminal = ending === "closed terminal" ? "terminal" : undefined;
  const run = desk.start(["apply", "--env", "lab", "--yes"], onTerminal);
  const ended = run.done.then(() => undefined);
  if (after === "creating")
    await Promise.race([run.until(() => creating(desk)).catch(() => undefined), ended]);
  const { promise: moment, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([moment, ended]);
  clearTimeout(timer);
  if (ending === "closed terminal") run.hangUp();
  else run.signal(ending);
  if (ending === "SIGHUP") await hangUpAgain(run);
  await ended;
}

/** The shell of a terminal that is closed sends SIGHUP again to what it has started, which is no second Ctrl-C. */
async function hangUpAgain(run: Started): Promise<void> {
  await run.until(() => run.said().includes("interrupted")).catch(() => undefined);
  run.signal("SIGHUP");
}

async function creating({ lab }: ApplyDesk): Promise<boolean> {
  const { requests } = await lab.control.requests();
  return requests.some(({ method, path }) => method === "POST" && /\/(clone|lxc)$/.test(path));
}

/** Waits for the Terraform that goes on without us, and for the tasks of the lab. */
async function settled({ desk, lab }: ApplyDesk): Promise<void> {
  await vi.waitFor(
    async () => {
      if (isWorkedIn(desk.path("tmp")) !== false) throw new Error("Terraform still works");
      const { data } = await callApi(lab, "GET", "nodes/pve1/tasks", { source: "active" });
      if (!Array.isArray(data) || data.length > 0) throw new Error("Proxmox still works");
    },
    { timeout: patienceMs, interval: 50 },
  );
}

async function aftermath(desk: ApplyDesk): Promise<Aftermath> {
  const made = Object.keys(names).flatMap((name) => numberOf(desk, name) ?? []);
  const inState = made.filter((vmid) => stateHas(desk, vmid));
  const lost = made.filter((vmid) => !inState.includes(vmid));
  const found: Aftermath["found"] = [];
  // Each run that makes a private copy looks for what those before it have left; this one is the shortest.
  if (lost.length === 0) await desk.pveHome("health", "--env", "prod");
  for (const vmid of lost) {
    const { findings, command } = await saidAbout(desk, vmid);
    if (command !== undefined) await typed(desk, command);
    found.push({ vmid, findings, command, back: stateHas(desk, vmid) });
  }
  return {
    made,
    inState,
    found,
    mended: lost.length === 0 ? undefined : await mended(desk),
    left: readdirSync(desk.desk.path("tmp")),
  };
}

function numberOf({ lab }: ApplyDesk, name: string): number | undefined {
  return Object.values(lab.world.guests).find(({ config }) => [config.name, config.hostname].includes(name))
    ?.vmid;
}

function stateHas({ lab }: ApplyDesk, vmid: number): boolean {
  try {
    const text = readFileSync(join(lab.directory("lab"), "terraform.tfstate"), "utf8");
    return text.includes(`"vm_id": ${vmid}`) || text.includes(`"vm_id":${vmid}`);
  } catch {
    return false;
  }
}

/** The findings of `drift --all` that name a guest, and the command that the only one ends in. */
async function saidAbout(desk: ApplyDesk, vmid: number) {
  const { stdout } = await desk.pveHome("drift", "--all", "--json");
  const { environments, unmanaged } = driftDocumentSchema.parse(JSON.parse(stdout));
  const all = [...environments.flatMap(({ findings }) => findings), ...(unmanaged?.findings ?? [])];
  const about = all.filter((finding) => JSON.stringify(finding).includes(`/${vmid} `));
  // The code's own name for it must not be a second finding.
  const name = vmid === 305 ? 'vms["sandbox"]' : 'containers["ct"]';
  const own = all.filter(({ subject }) => /_(vm|container)\.this$/.test(subject) && subject.includes(name));
  const findings = [...new Set([...about, ...own])].map(
    ({ verdict, subject, detail }) => `${verdict} ${subject}: ${detail}`,
  );
  const command = findings.length === 1 ? /pve-home (.*)$/.exec(about[0]?.hint ?? "")?.[1] : undefined;
  return { findings, command };
}

/** Exactly what was printed, on a terminal where the answer is yes. */
async function typed(desk: ApplyDesk, command: string): Promise<Ran> {
  const run = desk.start(command.split(" "), "terminal");
  const asked = run.until(() => run.said().includes("[y/N]")).then(() => run.type("y\r"));
  await asked.catch(() => undefined);
  return run.done;
}

async function mended(desk: ApplyDesk): Promise<Aftermath["mended"]> {
  await desk.lab.control.clearRequests();
  const { exitCode, stderr } = await desk.pveHome("apply", "--env", "lab", "--yes", "--allow-restart");
  const { requests } = await desk.lab.control.requests();
  const destroyed = requests.filter(({ method, path }) => method === "DELETE" && /\/\d+\/?(\?|$)/.test(path));
  return { exitCode, destroyed: destroyed.map(({ path }) => path), stderr };
}
