import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Counts, nothing } from "./counts.ts";
import { root } from "./private-copy.ts";
import { cacheDir } from "./start.mjs";

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** Counts of one run, from Vitest's JSON report and its exit code. */
export function countVitest(code: number, json: string | undefined): Counts {
  const r = json === undefined ? undefined : report.parse(JSON.parse(json));
  // A file that cannot be loaded has no tests to fail.
  const unloaded = (r?.testResults ?? []).filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const counts: Counts =
    r === undefined
      ? nothing
      : {
          passed: r.numPassedTests,
          failed: r.numFailedTests + unloaded,
          skipped: r.numPendingTests + r.numTodoTests,
        };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * Our environment with another HOME, where programs leave what they would leave in the user's (Vitest: a
 * token), and the user's cache. Without `colours`, none: Vitest colours a log in CI, too.
 */
export function withHome(home: string, colours = false): NodeJS.ProcessEnv {
  return { ...process.env, HOME: home, PVE_HOME_CACHE: cacheDir(), ...(colours ? {} : { NO_COLOR: "1" }) };
}

/** Runs Vitest on the screen; `args` are its own. */
export async function testVitest(args: readonly string[]): Promise<Counts> {
  const dir = await mkdtemp(join(tmpdir(), "pve-home-report-"));
  const file = join(dir, "report.json");
  try {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const child = spawn(process.execPath, [vitest, "run", ...reporters, ...args], {
      cwd: root,
      env: withHome(dir, process.stdout.isTTY === true),
      stdio: "inherit",
    });
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (status) => resolve(status ?? 1));
    });
    return countVitest(code, await readFile(file, "utf8").catch(() => undefined));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
