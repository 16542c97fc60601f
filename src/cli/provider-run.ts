import pLimit from "p-limit";
import { guestConfig } from "../connect/proxmox/guests.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import { providerEnvironment } from "../homelab/provider-environment.ts";
import { connectedRun } from "../homelab/terraform-run.ts";
import { seconds } from "../model/duration.ts";
import { Problem } from "../model/problem.ts";
import type { ReadConfig } from "../plan/guest-place.ts";
import type { Opened } from "./check-run.ts";
import type { Io } from "./io.ts";
import type { Reached } from "./reach.ts";

// What every command that plans needs: Terraform that reaches Proxmox as we do.

/** Calls for configurations of guests that may be under way at once. */
const places = 8;

/** Reads configurations of guests, until the user interrupts or the signal that it is given fires. */
export function configReader({ client }: Reached, interrupted?: AbortSignal): ReadConfig {
  const limit = pLimit(places);
  return (guest, signal = interrupted) =>
    limit(() => guestConfig(client, guest, signal === undefined ? {} : { signal }));
}

/** How an environment's Terraform is run with the provider that reaches Proxmox as we do, until `limit` fires. */
export async function providerRun(
  io: Io,
  opened: Opened,
  name: string,
  { connection }: Reached,
  limit: AbortSignal,
): Promise<TerraformRun> {
  const run = await connectedRun(opened.configuration, name, io.env);
  const provider = await providerEnvironment(connection, opened.stateDirectory);
  return {
    ...run,
    environment: { ...run.environment, ...provider },
    signal: AbortSignal.any([io.interrupted, limit]),
  };
}

/**
 * How an environment is run where the address of Proxmox is not set: without Proxmox, which is all that is needed where
 * the code has none of its resources. Another problem of the access is the environment's.
 */
export async function runWithoutProxmox(
  io: Io,
  opened: Opened,
  name: string,
  problem: Problem,
  limit: AbortSignal,
): Promise<TerraformRun | Problem> {
  if (problem.code !== "proxmox-endpoint-missing") return problem;
  const run = await connectedRun(opened.configuration, name, io.env);
  return { ...run, signal: AbortSignal.any([io.interrupted, limit]) };
}

/** Fires after `ms` with a Problem `code` that says what was not done in time. */
export function timeLimit(ms: number, { code, what }: { code: string; what: string }): AbortSignal {
  const controller = new AbortController();
  const problem = new Problem({
    kind: "undetermined",
    code,
    message: `${what} within ${seconds(ms)}`,
    hint: "is Proxmox slow, or the network? --timeout SECONDS gives it more",
  });
  setTimeout(() => controller.abort(problem), ms).unref();
  return controller.signal;
}
