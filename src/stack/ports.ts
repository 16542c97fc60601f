import type { DockerEngine } from "../connect/docker/engine.ts";
import { portInUse } from "../connect/port-in-use.ts";
import { Problem } from "../model/problem.ts";
import type { Rendered } from "./rendered.ts";

interface Published {
  documented: number;
  port: number;
  address: string;
}

/**
 * Refuses ports that another program has, or that Docker may not take, before anything is started; `own` are those that the
 * stack has already. Problems of kind `usage`: `ports-in-use`, `ports-privileged`, with the flags to type.
 */
export async function refuseUnusablePorts(
  { services }: Pick<Rendered, "services">,
  { own, engine }: { own: readonly number[]; engine: Pick<DockerEngine, "lowestPort"> },
): Promise<void> {
  const wanted = Object.values(services)
    .filter(({ container }) => container)
    .flatMap(({ published }) => published)
    .filter(({ port }) => !own.includes(port));
  const privileged = wanted.filter(({ port }) => port < engine.lowestPort);
  if (privileged.length > 0)
    throw unusable("ports-privileged", "need root, and this Docker has none", privileged);
  const used = await Promise.all(wanted.map(({ port, address }) => portInUse(port, address)));
  const taken = wanted.filter((_, index) => used[index]);
  if (taken.length > 0) throw unusable("ports-in-use", "in use by another program", taken);
}

function unusable(code: string, why: string, ports: readonly Published[]): Problem {
  // Above all documented ports.
  const flags = ports.map(({ documented }) => `--port ${documented}=${documented + 10_000}`);
  return new Problem({
    kind: "usage",
    code,
    message: `${ports.length === 1 ? "port" : "ports"} ${why}: ${ports.map(({ port }) => port).join(", ")}`,
    hint: `publish elsewhere: pve-home stack up ${flags.join(" ")}`,
  });
}
