// `npm run test:stack`: the monitoring stack as it is delivered, started with Docker in a network of its own.
// `-- --floor` with the oldest programs that it is for; other arguments are Vitest's.
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { type Counts, exitCode, nothing, renderCounts } from "./counts.ts";
import { type Isolation, removeTraces, runIsolated } from "./isolated.ts";
import { installPackages, packagesMissing } from "./packages.ts";
import { phase } from "./phase.ts";
import { buildProgram, ProgramError, resolveAllProviders, resolveTool } from "./programs/index.ts";
import { prepareImages } from "./stack-images/build.ts";
import { stackImages } from "./stack-images/index.ts";
import { cacheDir } from "./start.mjs";

const counted = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

const packages = {
  "docker.io": ["dockerd", "docker"],
  iptables: ["iptables"],
  iproute2: ["ip"],
  debootstrap: ["debootstrap"],
  "util-linux": ["unshare", "setpriv"],
};

/** What takes the network, and is not to be waited for by a test. */
async function prepare(floor: boolean): Promise<void> {
  await prepareImages(Object.values(stackImages(floor)));
  await buildProgram("docker-compose");
  await resolveAllProviders();
  await resolveTool("any");
}

async function run(args: readonly string[]): Promise<Counts> {
  const floor = args.includes("--floor");
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new ProgramError(
      "tool-missing",
      "npm run test:stack starts a Docker of its own: it needs Linux and root",
      `As root: npm run test:stack. It installs ${Object.keys(packages).join(", ")} where they are missing.`,
    );
  }
  await phase("packages", () => installPackages(packagesMissing(packages)));
  await phase("programs and sources of images", () => prepare(floor));
  const folder = await mkdtemp(join(tmpdir(), "pve-home-stack-"));
  const isolation: Isolation = { folder, cgroup: basename(folder) };
  const inside = [join(import.meta.dirname, "test-stack-inside.ts"), folder, isolation.cgroup];
  const command = [
    process.execPath,
    ...process.execArgv,
    ...inside,
    ...args.filter((arg) => arg !== "--floor"),
  ];
  const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
  const env = {
    ...process.env,
    PATH,
    TMPDIR: folder,
    PVE_HOME_CACHE: cacheDir(),
    ...(floor ? { STACK_FLOOR: "1" } : {}),
  };
  const code = await runIsolated(command, isolation, env);
  const text = await readFile(join(folder, "counts.json"), "utf8").catch(() => undefined);
  const counts = text === undefined ? { ...nothing, failed: 1 } : counted.parse(JSON.parse(text));
  const left = await removeTraces(isolation);
  for (const one of left) console.error(`!!! left behind: ${one}`);
  const unwell = counts.failed === 0 && (code !== 0 || left.length > 0);
  return unwell ? { ...counts, failed: 1 } : counts;
}

const counts = await run(process.argv.slice(2)).catch((error: unknown): Counts => {
  if (!(error instanceof ProgramError)) throw error;
  console.error(`\n!!! ${error.message}\n`);
  return { ...nothing, failed: 1 };
});
console.log(renderCounts(counts));
process.exitCode = exitCode(counts);
