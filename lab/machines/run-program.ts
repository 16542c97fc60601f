import { execFile } from "node:child_process";

/** PATH with the folders that an ordinary user's leaves out: `ip` may be there. */
export function programPath(): string {
  return `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
}

/** Runs a program to its end, at most `timeout` milliseconds. Never rejects; 127 where it cannot be started. */
export function runProgram(
  program: string,
  args: readonly string[],
  timeout = 60_000,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, PATH: programPath() };
  return new Promise((resolve) => {
    const options = { env, timeout, killSignal: "SIGKILL", maxBuffer: 16 * 1024 ** 2 } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 127;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? "") });
    });
  });
}

/** The same, and what it wrote. @throws Error with what it said where it failed */
export async function requireProgram(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(" ")}: ${stderr.trim() || `ended with ${code}`}`);
}
