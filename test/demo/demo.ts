import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readLabFacts } from "../../lab/control-client.ts";
import type { LabFacts } from "../../lab/lab.ts";
import { resolveProviders, resolveTool, type Tool, toolEnvironment } from "../../tools/programs/index.ts";
import {
  bad,
  cleanUp,
  good,
  heading,
  isStopped,
  type Ran,
  run,
  type Show,
  say,
  stopOnSignals,
  typed,
} from "./show.ts";
import { declare, type Stage, setStage } from "./stage.ts";

// `npm run demo [-- --keep] [--dir FOLDER]`: the whole of pve-home against a simulated Proxmox VE, with the commands
// a user would type.

const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({
  options: {
    keep: { type: "boolean", default: false },
    dir: { type: "string", default: join(root, ".demo") },
  },
});
const folder = resolve(options.dir);
/** How commands name it: they are run in the checkout. */
const dir = relative(root, folder);
const total = 10;
let missed = 0;

async function main(): Promise<void> {
  refuseSecondDemo();
  await stopEarlierLab();

  heading(1, total, "Programs");
  const tool = await resolveTool("any");
  const mirror = await resolveProviders(["bpg/proxmox"]);
  good(`${tool.kind} ${tool.version}, provider bpg/proxmox`);
  const stage = setStage(folder);
  writeFileSync(pidFile, `${process.pid}\n`);
  const env = { ...toolEnvironment(mirror.cliConfig, stage.home), SSH_AUTH_SOCK: undefined };
  const pveHome = commands(stage, env);

  try {
    heading(2, total, "A Proxmox VE that is not there");
    const ports = ["--port", "0", "--ssh-port", "0"];
    await pveHome([
      "lab",
      "up",
      "--detach",
      "--dir",
      `${dir}/lab`,
      ...ports,
      "--authorize",
      `${dir}/key.pub`,
    ]);
    await play(stage, tool, mirror.cliConfig, pveHome);
  } finally {
    await finish(stage, pveHome);
  }
}

type Command = (args: string[], expected?: number, show?: Show) => Promise<Ran>;

/** Runs `./pve-home …` as typed, shows it and what it prints, and remembers an exit code that is not as expected. */
function commands(stage: Stage, env: NodeJS.ProcessEnv): Command {
  return async (args, expected = 0, show: Show = () => "now") => {
    typed(`./pve-home ${args.map((arg) => (/[^\w./=@-]/.test(arg) ? `'${arg}'` : arg)).join(" ")}`);
    const own = args[0] === "lab" ? [] : ["--config", relative(root, stage.config)];
    const ran = await run(join(root, "pve-home"), [...args, ...own], { env, cwd: root, show });
    expect(
      ran.exitCode === expected,
      `exit code ${ran.exitCode}`,
      `exit code ${ran.exitCode}, expected ${expected}`,
    );
    return ran;
  };
}

async function play(stage: Stage, tool: Tool, cliConfig: string, pveHome: Command): Promise<void> {
  const facts = await readLabFacts(stage.lab);
  declare(stage, facts, tool, cliConfig);

  heading(3, total, "Guests from code: a plan to look at, then exactly that is applied");
  // Both at once: guests are told as they come, each table when its environment is done.
  const applied = await Promise.all(
    ["prod", "lab"].map((name) =>
      pveHome(["apply", "--env", name, "--yes"], 0, (line) => {
        if (/^\w+: created (vm|lxc) /.test(line)) return "now";
        return /^\w+: (planning|creating|created) /.test(`${line} `) ? "never" : "then";
      }),
    ),
  );
  if (applied.some(({ exitCode }) => exitCode !== 0)) return;

  heading(4, total, "SSH host keys, before the first contact");
  say("VMs are asked through their QEMU agent, containers through their node.");
  await pveHome(["hosts", "trust", "--all"]);

  heading(5, total, "All is well");
  const guest = (...args: string[]) => pveHome(["lab", "guest", ...args, "--dir", `${dir}/lab`]);
  await guest("serve", "web", "8080");
  await guest("serve", "db", "8080");
  await pveHome(["health", "--all"]);
  await pveHome(["drift", "--all"]);

  heading(6, total, "Now things are changed by hand");
  await guest("set", "db", "memory=8192");
  await guest("stop", "web");
  await guest("delete", "scratch");
  await guest("create", "mystery");
  await pveHome(["lab", "break", "http-500", "db", "--dir", `${dir}/lab`]);
  const variables = join(stage.environment("lab"), "terraform.tfvars");
  writeFileSync(variables, readFileSync(variables, "utf8").replace("memory_mb = 1024", "memory_mb = 1536"));
  say("and in the code, not applied: sandbox gets memory_mb = 1536 (was 1024)");

  heading(7, total, "Drift: what differs from the code, and why");
  const report = relative(root, stage.report);
  const drift = await pveHome(["drift", "--all"], 1);
  found(drift, "the memory of db, changed by hand", /outside[\s\S]*db[\s\S]*4096[\s\S]*8192/i);
  found(drift, "web, stopped by hand", /outside[\s\S]*web[\s\S]*started/i);
  found(drift, "scratch, deleted by hand", /deleted[\s\S]*scratch/i);
  found(drift, "sandbox, in the code and not applied", /pending[\s\S]*sandbox[\s\S]*1024[\s\S]*1536/i);
  found(drift, "mystery, which is not declared", /unmanaged[\s\S]*mystery/i);

  heading(8, total, "Plan: what applying would do, and whom it would take down");
  const plan = await pveHome(["plan", "--all"]);
  found(plan, "db and sandbox would be turned off, though Terraform says in-place", /stopped and started/);

  heading(9, total, "Health: what does not work, and what to type");
  const health = await pveHome(["health", "--all", "--html", report], 1);
  found(health, "web, which is stopped", /web +vm +FAIL +proxmox: stopped/);
  found(health, "scratch, which is gone", /scratch +lxc +FAIL/);
  found(health, "wiki, a service that answers 500", /wiki +service +FAIL +http: .*500/);
  found(health, "site, left out because its guest is stopped", /site +service +SKIPPED/i);

  heading(10, total, "Written for Prometheus and for people");
  for (const file of readdirSync(stage.metrics).sort()) {
    const series = readFileSync(join(stage.metrics, file), "utf8").match(/^pve_/gm)?.length ?? 0;
    good(
      `${relative(root, join(stage.metrics, file))}, ${series} series for node-exporter's textfile collector`,
    );
  }
  expect(
    existsSync(stage.report),
    `${report}, one page that needs nothing but a browser`,
    `${report} is missing`,
  );
}

function found({ output }: Ran, what: string, pattern: RegExp): void {
  expect(pattern.test(output), `found: ${what}`, `not found: ${what}`);
}

function expect(condition: boolean, yes: string, no: string): void {
  if (condition) good(yes);
  else bad(no);
  if (!condition) missed += 1;
}

async function finish(stage: Stage, pveHome: Command): Promise<void> {
  rmSync(pidFile, { force: true });
  if (options.keep && !isStopped()) {
    console.log(playground(stage));
    return;
  }
  console.log("");
  await cleanUp();
  if (await runningLab()) await pveHome(["lab", "down", "--dir", `${dir}/lab`]);
  for (const name of readdirSync(stage.folder)) {
    if (!["metrics", "report.html"].includes(name)) rmSync(join(stage.folder, name), { recursive: true });
  }
  say(
    `stopped and cleaned; ${dir}/metrics and ${dir}/report.html stay. \`npm run demo -- --keep\` leaves the lab up.`,
  );
}

function playground(stage: Stage): string {
  const config = relative(root, stage.config);
  return `
The lab is still up. To play with it:

  ./pve-home health --all --config ${config}
  ./pve-home drift --all --config ${config}
  ./pve-home lab guest start web --dir ${dir}/lab     stop, delete, recreate, create, set
  ./pve-home lab break --dir ${dir}/lab               lists the faults
  ./pve-home lab break ssh-hang db --dir ${dir}/lab
  ./pve-home lab mend --dir ${dir}/lab
  ./pve-home lab down --dir ${dir}/lab                stops it; then remove ${dir}`;
}

/** A lab that `--keep` left behind would still hold its folder. */
async function stopEarlierLab(): Promise<void> {
  const earlier = await runningLab();
  if (earlier === undefined) return;
  say("stopping the lab of an earlier demo");
  const down = await run(join(root, "pve-home"), ["lab", "down", "--dir", `${dir}/lab`], {
    env: process.env,
    cwd: root,
    show: () => "never",
  });
  if (down.exitCode !== 0) throw new Error(down.output);
}

function runningLab(): Promise<LabFacts | undefined> {
  return readLabFacts(join(folder, "lab")).catch(() => undefined);
}

const pidFile = join(folder, "demo.pid");

/** Two at once would pull the folder from under each other. */
function refuseSecondDemo(): void {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0;
  if (pid > 0 && isAlive(pid)) {
    bad(
      `another demo runs in ${dir} (process ${pid}); wait for it, or choose a folder: npm run demo -- --dir FOLDER`,
    );
    process.exit(4);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

stopOnSignals();
try {
  await main();
} catch (error) {
  if (!isStopped()) throw error;
  missed = 0;
  process.exitCode = 4;
}
if (missed > 0) {
  bad(`${missed} thing${missed === 1 ? "" : "s"} did not go as shown here`);
  process.exitCode = 1;
}
