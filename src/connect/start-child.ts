import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { EventEmitter } from "node:events";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../model/secret.ts";
import { type FollowedFile, followFile } from "./follow-file.ts";
import type { ChildRequest } from "./process.ts";

/** What a child prints, as it arrives. */
export type Output = Pick<EventEmitter, "on">;

export interface Started {
  child: ChildProcess;
  outputs: { stdout: Output; stderr: Output };
  /** To be called when the child has ended. */
  finish(): void;
}

/** Starts a program in a process group of its own; what it prints is read from its pipes, or from files in `outputFolder`. */
export function startChild({ program, args, env, cwd, outputFolder }: ChildRequest): Started {
  const options = {
    env: { ...revealed(env), LC_ALL: "C" },
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
  };
  if (outputFolder === undefined) {
    const child = spawn(program, [...args], { ...options, stdio: ["pipe", "pipe", "pipe"] });
    return { child, outputs: child, finish: () => undefined };
  }
  const follow = (name: string): FollowedFile => followFile(join(outputFolder, `pve-home.${name}`));
  const [stdout, stderr] = [follow("stdout"), follow("stderr")];
  const finish = () => {
    for (const file of [stdout, stderr]) file.finish();
  };
  try {
    const stdio: StdioOptions = ["pipe", stdout.descriptor, stderr.descriptor];
    const child = spawn(program, [...args], { ...options, stdio });
    return { child, outputs: { stdout: stdout.output, stderr: stderr.output }, finish };
  } catch (error) {
    finish();
    throw error;
  } finally {
    for (const { descriptor } of [stdout, stderr]) closeSync(descriptor);
  }
}

function revealed(env: ChildRequest["env"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}
