import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Runs a program in the folder; `cpuMs` is that of its children too, `peakMb` its own. */
export async function measured(
  folder: string,
  program: string,
  args: string[],
  env: Record<string, string> = { PATH: process.env.PATH ?? "", HOME: folder },
) {
  // What bash has waited for it can tell the time of, whole trees of processes included.
  const script = `TIMEFORMAT='cpu %U %S'; time "$@"`;
  const child = spawn("bash", ["-c", script, "bash", program, ...args], {
    cwd: folder,
    env: { ...env, LC_ALL: "C" },
  });
  const started = performance.now();
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  let peakMb = 0;
  // The kernel keeps the highest value, so that the last look before the end has it.
  const look = setInterval(() => {
    for (const pid of descendants(child.pid)) peakMb = Math.max(peakMb, peakOf(pid));
  }, 100);
  await new Promise((resolve) => child.once("close", resolve));
  clearInterval(look);
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
  const cpuMs = (Number(user) + Number(system)) * 1000;
  return { stdout, stderr, cpuMs, peakMb, seconds: (performance.now() - started) / 1000 };
}

function descendants(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
    return [pid, ...children.filter((child) => child > 0).flatMap(descendants)];
  } catch {
    return [];
  }
}

function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
