import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { Problem } from "../../model/problem.ts";
import type { Log } from "../../model/progress.ts";
import { byLine } from "../lines.ts";
import { dockerFailure, runDocker } from "./docker.ts";

/** A Compose project: the folder that its docker-compose.yml lies in. */
export interface ComposeProject {
  folder: string;
  signal: AbortSignal;
  /** Gets what Compose says it does, a line at a time. */
  log: Log;
}

export interface Container {
  /** Another one after it was re-created. */
  id: string;
  service: string;
  /** `running`, `exited`, `restarting`, … */
  state: string;
  /** `healthy`, `unhealthy`, `starting`; empty where the service has no health check. */
  health: string;
  exitCode: number;
  /** On this machine. */
  ports: number[];
}

/** How long containers may take to be healthy, in seconds; downloads of images are not part of it. */
const waitSeconds = 300;

/**
 * Brings the containers to what the file declares and waits until all are healthy; those of services that are not
 * declared any more are removed. `recreate`: these services get new containers, and no other is touched.
 */
export async function composeUp(project: ComposeProject, recreate: readonly string[] = []): Promise<void> {
  const which = recreate.length === 0 ? ["--remove-orphans"] : ["--force-recreate", "--no-deps", ...recreate];
  const wait = ["--detach", "--wait", "--wait-timeout", String(waitSeconds)];
  await compose(project, ["up", ...wait, ...which]);
}

/** Removes the containers and networks. */
export async function composeDown(project: ComposeProject): Promise<void> {
  await compose(project, ["down", "--remove-orphans"]);
}

/** Sends a signal, `SIGHUP`, to the services' first processes. */
export async function composeSignal(
  project: ComposeProject,
  signal: string,
  services: readonly string[],
): Promise<void> {
  await compose(project, ["kill", "--signal", signal, ...services]);
}

const containerSchema = z.object({
  ID: z.string(),
  Service: z.string(),
  State: z.string(),
  Health: z.string().default(""),
  ExitCode: z.number().default(0),
  Publishers: z.array(z.object({ PublishedPort: z.number() })).nullish(),
});

/** All containers of the project, those that have ended included. */
export async function composeContainers(project: ComposeProject): Promise<Container[]> {
  const quiet = { ...project, log: () => undefined };
  return containersIn(await compose(quiet, ["ps", "--all", "--format", "json"]));
}

/** What `docker compose ps --format json` prints: an array until 2.20, a line for each since. */
export function containersIn(text: string): Container[] {
  const values = text.trim().startsWith("[")
    ? readJson(text)
    : text.split("\n").filter(Boolean).map(readJson);
  const containers = z.array(containerSchema).safeParse(values);
  if (!containers.success) {
    throw new Problem({
      kind: "undetermined",
      code: "docker-failed",
      message: `what docker compose ps printed is not the JSON it should be: ${containers.error.issues[0]?.path.join(".")}`,
      hint: "Docker Compose 2.6 or newer is needed: docker compose version",
    });
  }
  return containers.data.map(({ ID, Service, State, Health, ExitCode, Publishers }) => ({
    id: ID,
    service: Service,
    state: State,
    health: Health,
    exitCode: ExitCode,
    ports: [...new Set((Publishers ?? []).map(({ PublishedPort }) => PublishedPort))].filter(Boolean),
  }));
}

async function compose({ folder, signal, log }: ComposeProject, args: readonly string[]): Promise<string> {
  const result = await runDocker({
    args: ["compose", "--ansi", "never", "--project-directory", folder, ...args],
    cwd: folder,
    signal,
    onStderr: byLine((line) => {
      if (isTelling(line)) log(line.trim());
    }),
  });
  if (result.exitCode !== 0) throw dockerFailure(`docker compose ${args[0]}`, result);
  return result.stdout;
}

/** Of what Compose says it does: neither the layers of an image, by the hundred, nor steps that another one follows. */
export function isTelling(line: string): boolean {
  return (
    line.trim() !== "" &&
    !/^\s*[0-9a-f]{12}\s|\s((?!Pulling)\w+ing|Created|Recreate|Started|Stopped)\s*$/.test(line)
  );
}
