import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Row } from "./row.ts";

const launcher = join(import.meta.dirname, "../../pve-home");

/** What every call pays before it does anything. */
export const startUp: Row = {
  name: "start-up",
  ours: "./pve-home --help",
  floor: "node -e 0",
  target: 1.5,
  rounds: 20,
  async measure() {
    return {
      floor: await timed(process.execPath, ["-e", "0"]),
      ours: await timed(launcher, ["--help"]),
    };
  },
};

function timed(program: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve(performance.now() - start);
      else reject(new Error(`${program} exited ${code}`));
    });
  });
}
