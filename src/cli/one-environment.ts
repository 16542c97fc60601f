import { loadConfiguration } from "../homelab/configuration.ts";
import { Problem } from "../model/problem.ts";
import type { OneEnvironmentFlags } from "./flags.ts";
import type { Io } from "./io.ts";

/** The environment that was asked for, where a command takes one at a time. */
export function oneEnvironment(io: Io, { env, config }: OneEnvironmentFlags): string {
  if (env !== undefined) return env;
  const names = loadConfiguration(io.cwd, config).environmentNames;
  throw new Problem({
    kind: "usage",
    code: "environment-missing",
    message: `which environment? there is ${names.join(", ") || "none here"}`,
    hint: `for example: --env ${names[0] ?? "prod"}`,
  });
}
