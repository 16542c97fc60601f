import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { resolveProgram } from "../../tools/programs/index.ts";
import { renderStacks } from "./stack-files.test-helper.ts";

// The stages of level, by the real Promtail. That Alloy has the same ones, word for word, is tested in module vm.

const lines: readonly (readonly [line: string, level: string | undefined])[] = [
  ["level=warn ts=2026-01-02T03:04:05Z msg=slow", "warn"],
  ['{"time":"2026-01-02","level":"error","msg":"no space"}', "error"],
  ['{"level": 40, "msg": "a number of pino"}', "warn"],
  ['"severity":"CRITICAL"', "error"],
  ["2026-01-02T03:04:05Z INF Starting provider", "info"],
  ["2026/01/02 03:04:05 [error] 29#29: *1 open() failed", "error"],
  ["[WARNING]  (1) : a backend is down", "warn"],
  ["FATAL:  role does not exist", "error"],
  ["2026-01-02 DEBUG cache miss", "debug"],
  ["ERROR the level: none of the known ones", "error"],
  ['level=info msg="ERROR is a word of the message"', "info"],
  ["no errors here", undefined],
  ["GET /info 200", undefined],
];

let config: string;

beforeAll(async () => {
  const { stack } = await renderStacks({ stack: {} });
  config = stack?.files["promtail/promtail-config.yml"]?.content ?? "";
});

const last = "the last line";

/**
 * What Promtail prints until the last of these lines is among it. Its input stays open until then, so that nothing depends
 * on what Promtail does at the end of it.
 */
async function printed(program: string, file: string, text: readonly string[]): Promise<string> {
  const child = spawn(program, [`-config.file=${file}`, "-stdin", "-dry-run"], {
    cwd: dirname(file),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (stdout.includes(`${last}\n`)) child.stdin.end();
  });
  child.stdin.write(`${text.join("\n")}\n`);
  const [code] = await ended;
  expect(code, stderr).toBe(0);
  return stdout;
}

/** What Promtail would send of these lines, by line. */
async function levelsOf(text: readonly string[]): Promise<Map<string, string | undefined>> {
  const { path } = await resolveProgram("promtail");
  const folder = await mkdtemp(join(tmpdir(), "pve-home-promtail-"));
  try {
    const file = join(folder, "promtail.yml");
    await writeFile(file, config.replace("/positions/", `${folder}/`));
    const stdout = await printed(path, file, [...text, last]);
    // Time, labels and line; after a time with fewer digits Promtail puts no tab.
    const sent = [...stdout.matchAll(/^[^{\n]*\{(?:level="(\w+)")?\}\t(.*)$/gm)];
    return new Map(sent.filter(([, , line]) => line !== last).map(([, level, line = ""]) => [line, level]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("a line has the level that it says, by one of four names", async () => {
  const levels = await levelsOf(lines.map(([line]) => line));
  expect([...levels]).toEqual(lines);
});

test("what Loki writes at each query is not sent", async () => {
  const kept = "level=error msg=another";
  const levels = await levelsOf(['level=error err="deletion is not available for this tenant"', kept]);
  expect([...levels.keys()]).toEqual([kept]);
});
