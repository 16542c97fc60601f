import { existsSync, readdirSync } from "node:fs";
import {
  type ComposeProject,
  type Container,
  composeContainers,
  composeSignal,
  composeUp,
} from "../connect/docker/compose.ts";
import { projectsInNetwork } from "../connect/docker/neighbours.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { placeCertificates } from "./certificates.ts";
import { placeFiles, placeFolders } from "./place.ts";
import { forgetPending, readRecord, writeRecord } from "./record.ts";
import type { Rendered } from "./rendered.ts";
import { placeSecrets, type SecretsToPlace } from "./secrets.ts";

export interface StackToPlace {
  folder: string;
  rendered: Rendered;
  secrets: SecretsToPlace["given"];
  /** How a message names the setting of a secret. */
  secretPlace(name: string): string;
  /** `uid:gid` of secrets. */
  owner: string;
  /** Of the command line: see the record. */
  ports: Record<string, number>;
  images: Record<string, string>;
  /** Milliseconds since 1970. */
  now: number;
}

/** What services are to do after a change of what they read. */
export interface Reloads {
  signal: string[];
  recreate: string[];
}

/**
 * Brings the folder of a stack to what is rendered: secrets, folders, files, certificates. Problems `stack-secret-missing`
 * and `stack-folder-foreign`, before anything is written. Returns what running services have to do about what changed, now
 * and since the last start that went well.
 */
export async function placeStack(stack: StackToPlace): Promise<Reloads> {
  const { folder, rendered, owner, now, ports, images } = stack;
  refuseForeignFolder(folder, rendered);
  const before = readRecord(folder);
  const read = placeSecrets(folder, {
    secrets: rendered.secrets,
    owner,
    given: stack.secrets,
    place: stack.secretPlace,
  });
  placeFolders(folder, rendered);
  const changed = placeFiles(folder, rendered, before?.files ?? []);
  const renewed =
    rendered.certificates !== null &&
    (await placeCertificates(folder, rendered.certificates, { owner, now }));
  const reloads = [
    ...(before?.pending ?? []),
    ...changed.map((path) => rendered.files[path]?.reload),
    ...(renewed ? [rendered.certificates?.reload] : []),
    ...read.services.map((service) => `recreate:${service}`),
  ].filter((reload) => reload !== null && reload !== undefined);
  const pending = [...new Set(reloads)];
  writeRecord(folder, { ...rendered, files: Object.keys(rendered.files), pending, ports, images });
  const recreate = pending.filter((reload) => reload.startsWith("recreate:"));
  return {
    signal: pending.filter((reload) => !recreate.includes(reload)),
    recreate: recreate.map((reload) => reload.slice("recreate:".length)),
  };
}

/** What we and the containers make in the folder, besides what is rendered. */
const ownNames = ["stack.json", "lab", "metrics", "ca.key", "uptime-kuma-password"];

/**
 * Problem `stack-folder-foreign` of kind `usage` where a folder without a stack has something else in it: `down` may
 * remove the folder.
 */
export function refuseForeignFolder(folder: string, { files, directories, secrets }: Rendered): void {
  if (readRecord(folder) !== undefined || !existsSync(folder)) return;
  const paths = [files, directories]
    .flatMap(Object.keys)
    .concat(Object.values(secrets).map(({ path }) => path));
  const known = new Set([...ownNames, ...paths.map((path) => path.split("/")[0] ?? "")]);
  const foreign = readdirSync(folder).find((name) => !known.has(name));
  if (foreign === undefined) return;
  throw new Problem({
    kind: "usage",
    code: "stack-folder-foreign",
    message: `${folder} has ${foreign} in it, which is not of a stack`,
    place: folder,
    hint: "a stack needs a folder of its own: pve-home stack up --folder ~/monitoring",
  });
}

/** The network of the stack, whose name is fixed: there is one stack for each Docker. */
const network = "monitoring";

/** Problem `stack-elsewhere` of kind `usage` where the stack runs from another folder. */
export async function refuseStackElsewhere({ folder, signal }: ComposeProject): Promise<void> {
  const other = (await projectsInNetwork(network, signal)).find((project) => project !== folder);
  if (other === undefined) return;
  throw new Problem({
    kind: "usage",
    code: "stack-elsewhere",
    message: `containers of ${other} use the network ${network}: a stack runs there already`,
    place: other,
    hint: `pve-home stack down --folder ${other}, or pve-home stack up --folder ${other} to bring that one up to date`,
  });
}

/**
 * Starts what does not run, re-creates what is declared differently, and lets the others read again what has changed. All
 * are healthy then; else Problem `stack-unhealthy` of kind `undetermined`.
 */
export async function startStack(
  project: ComposeProject,
  before: readonly Container[],
  reloads: Reloads,
): Promise<void> {
  try {
    await composeUp(project);
    const ids = new Set(before.map(({ id }) => id));
    // A container that is new has read everything as it is now.
    const same = (await composeContainers(project))
      .filter(({ id }) => ids.has(id))
      .map(({ service }) => service);
    const signalled = same.filter((service) => reloads.signal.includes(service));
    const recreated = same.filter((service) => reloads.recreate.includes(service));
    if (signalled.length > 0) await composeSignal(project, "SIGHUP", signalled);
    if (recreated.length > 0) await composeUp(project, recreated);
    forgetPending(project.folder);
  } catch (error) {
    throw isProblem(error, "docker-failed") ? await asUnhealthy(project, error) : error;
  }
}

async function asUnhealthy(project: ComposeProject, problem: Problem): Promise<Problem> {
  if (!/unhealthy|not healthy|exited/.test(problem.message)) return problem;
  const containers = await composeContainers(project).catch(() => []);
  const unhealthy = containers.filter((container) => !isHealthy(container));
  const [first] = unhealthy;
  if (first === undefined) return problem;
  return new Problem({
    kind: "undetermined",
    code: "stack-unhealthy",
    message: `not healthy: ${unhealthy.map((one) => `${one.service} (${one.health || one.state})`).join(", ")}; ${problem.message}`,
    place: project.folder,
    hint: `docker compose --project-directory ${project.folder} logs ${first.service}`,
    cause: problem,
  });
}

/** A service without a health check is healthy while it runs. */
export function isHealthy({ state, health }: Pick<Container, "state" | "health">): boolean {
  return state === "running" && (health === "" || health === "healthy");
}
