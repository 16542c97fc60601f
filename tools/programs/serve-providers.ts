import { type ChildProcess, spawn } from "node:child_process";
import { z } from "zod";
import { builtPath, resolution } from "./built.ts";
import { hosts } from "./mirror.ts";
import type { GoProvider } from "./program.ts";
import { providers } from "./registered.ts";

/** What a provider in debug mode prints: how to reach it, by its address. */
const announcement = z.record(z.string(), z.looseObject({ Protocol: z.string(), Pid: z.number() }));

export interface ServedProviders {
  /** To be added to the environment of OpenTofu or Terraform; empty where a provider did not come up. */
  readonly env: { readonly TF_REATTACH_PROVIDERS?: string };
  readonly stop: () => Promise<void>;
}

/**
 * Starts every registered provider once, for many plans: the tools start each of them twice for each `run` of
 * a test, and proxmox takes longer to start than to answer. For mocked providers, which are asked for
 * schemas alone: a configured one keeps its configuration. `env` is that of the tools; sockets lie in its HOME.
 */
export async function serveProviders(env: NodeJS.ProcessEnv): Promise<ServedProviders> {
  const { cache } = resolution({});
  const all: readonly GoProvider[] = Object.values(providers);
  const started = all.map((provider) => start(builtPath(provider, cache), env));
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop()));
  };
  const reattach: Record<string, unknown> = {};
  for (const [index, provider] of all.entries()) {
    const address = await started[index]?.address;
    if (address === undefined) return { env: {}, stop };
    for (const host of hosts) reattach[`${host}/${provider.source}`] = address;
  }
  return { env: { TF_REATTACH_PROVIDERS: JSON.stringify(reattach) }, stop };
}

interface Started {
  /** Undefined when it ended without saying one. */
  readonly address: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

function start(path: string, env: NodeJS.ProcessEnv): Started {
  const child = spawn(path, ["-debug"], {
    env: { ...env, TMPDIR: env.HOME },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.on("exit", () => resolve());
  });
  return {
    address: Promise.race([announced(child), ended]),
    stop: async () => {
      // An interrupt is what its debug mode ends on, with its socket removed.
      child.kill("SIGINT");
      await ended;
    },
  };
}

function announced(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const json = /TF_REATTACH_PROVIDERS='(.*)'/.exec(said)?.[1];
      if (json !== undefined) resolve(Object.values(announcement.safeParse(JSON.parse(json)).data ?? {})[0]);
    });
  });
}
