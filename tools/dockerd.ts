import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Isolation } from "./isolated.ts";
import { runChild } from "./programs/child.ts";
import { ProgramError } from "./programs/index.ts";

export interface Dockerd {
  /** To be added to the environment of whom is to use it. */
  readonly env: { readonly DOCKER_HOST: string; readonly DOCKER_CONFIG: string };
  readonly version: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a Docker daemon inside the namespaces of an isolated run, with its socket where everything looks for it.
 * `compose` is the plugin. Throws ProgramError: child-failed, with the end of its log.
 */
export async function startDockerd(o: Isolation, compose: string): Promise<Dockerd> {
  const config = join(o.folder, "daemon.json");
  const log = join(o.folder, "dockerd.log");
  // Without a file of its own, it reads the machine's.
  await writeFile(config, "{}\n");
  const socket = "unix:///run/docker.sock";
  const folders = [
    "--data-root",
    join(o.folder, "docker"),
    "--exec-root",
    "/run/docker",
    "--pidfile",
    "/run/docker.pid",
  ];
  const groups = ["--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", `/${o.cgroup}`];
  const out = openSync(log, "w");
  const args = ["--config-file", config, ...folders, ...groups, "--host", socket, "--log-level", "warn"];
  const child = spawn("dockerd", args, { stdio: ["ignore", out, out] });
  const env = { DOCKER_HOST: socket, DOCKER_CONFIG: await configFolder(o.folder, compose) };
  const version = await ready(child, env);
  if (version === undefined) {
    const tail = (await readFile(log, "utf8")).trimEnd().split("\n").slice(-15).join("\n");
    throw new ProgramError("child-failed", `dockerd does not answer:\n${tail}`, "Its whole log is above.");
  }
  return { env, version, stop: () => stop(child) };
}

async function configFolder(folder: string, compose: string): Promise<string> {
  const config = join(folder, "docker-config");
  await mkdir(join(config, "cli-plugins"), { recursive: true });
  // A link would do, where the plugin is not told by the name it was started with.
  await writeFile(join(config, "cli-plugins", "docker-compose"), `#!/bin/sh\nexec ${compose} "$@"\n`, {
    mode: 0o755,
  });
  return config;
}

async function ready(child: ChildProcess, env: Dockerd["env"]): Promise<string | undefined> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries += 1) {
    const asked = await runChild(
      "docker",
      ["version", "--format", "{{.Server.Version}} (API {{.Server.APIVersion}})"],
      {
        env: { ...process.env, ...env },
      },
    );
    if (asked.code === 0) return asked.stdout.trim();
    await sleep(100);
  }
  return undefined;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.on("exit", resolve));
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await ended;
}
