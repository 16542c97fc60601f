import type { DockerEngine } from "../connect/docker/engine.ts";
import { portInUse } from "../connect/port-in-use.ts";
import { Problem } from "../model/problem.ts";
import type { Rendered } from "./rendered.ts";

interface Published {
  documented: number;
  port: number;
  address: string;
}

interface Asked {
  /** `pve-home stack up --lab` */
  command: string;
  given: Readonly<Record<string, number>>;
}

/**
 * Refuses ports that another program has, or that Docker may not take, before anything is started; `own` are those that the
 * stack has already, `given` those of the command line. Problems of kind `usage`: `ports-in-use`, `ports-privileged`, with
 * `command` and the flags to type.
 */
export async function refuseUnusablePorts(
  { services }: Pick<Rendered, "services">,
  { own, engine, ...asked }: Asked & { own: readonly number[]; engine: Pick<DockerEngine, "lowestPort"> },
): Promise<void> {
  const wanted = Object.values(services)
    .filter(({ container }) => container)
    .flatMap(({ published }) => published)
    .filter(({ port }) => !own.includes(port));
  const privileged = wanted.filter(({ port }) => port < engine.lowestPort);
  if (privileged.length > 0)
    throw unusable("ports-privileged", "need root, and this Docker has none", privileged, asked);
  const used = await Promise.all(wanted.map(({ port, address }) => portInUse(port, address)));
  const taken = wanted.filter((_, index) => used[index]);
  if (taken.length > 0) throw unusable("ports-in-use", "in use by another program", taken, asked);
}

function unusable(
  code: string,
  why: string,
  ports: readonly Published[],
  { command, given }: Asked,
): Problem {
  // Above all documented ports, and none that browsers refuse, as they do 10080.
  const other = ({ documented, port }: Published) =>
    documented + (port === documented + 20_000 ? 21_000 : 20_000);
  const all = { ...given, ...Object.fromEntries(ports.map((one) => [one.documented, other(one)])) };
  const flags = Object.entries(all).map(([documented, port]) => `--port ${documented}=${port}`);
  return new Problem({
    kind: "usage",
    code,
    message: `${ports.length === 1 ? "port" : "ports"} ${why}: ${ports.map(({ port }) => port).join(", ")}`,
    hint: `publish elsewhere: ${command} ${flags.join(" ")}`,
  });
}
