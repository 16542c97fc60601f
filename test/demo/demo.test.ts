import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

// The first thing that a new user runs.

const program = join(import.meta.dirname, "demo.ts");

function demo(folder: string, interruptAt?: RegExp): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, "--dir", folder], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let interrupted = false;
    const take = (text: string) => {
      output += text;
      if (interrupted || !interruptAt?.test(output)) return;
      interrupted = true;
      child.kill("SIGINT");
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}

test("shows what it promises, and leaves the report and the metrics alone", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "demo-")), "demo");
  const { exitCode, output } = await demo(folder);
  expect(output).not.toMatch(/✗/);
  expect(output.match(/✓ {2}found: /g)?.length).toBeGreaterThanOrEqual(8);
  expect(exitCode).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(["metrics", "report.html"]);
  expect(readdirSync(join(folder, "metrics")).sort()).toEqual(["pve_drift.prom", "pve_health.prom"]);
});

test("Ctrl-C in the middle takes the lab down", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "demo-")), "demo");
  const { exitCode, output } = await demo(folder, /created vm/);
  expect(output).toMatch(/the lab is down/);
  expect(exitCode).toBe(4);
  expect(existsSync(join(folder, "lab"))).toBe(false);
});
