import type { ProxmoxClient } from "../connect/proxmox/types.ts";
import { type Cluster, readCluster } from "../homelab/cluster.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { silence, withinDeadline } from "./deadline.ts";
import { noAnswerWithin } from "./outcome.ts";
import type { EnvironmentToCheck, HealthRun } from "./run.ts";

/** The one question to an API about all its nodes and guests. */
export interface ClusterReading {
  /** Its answer, or the Problem that kept it away; settles within the run's time limit. */
  answer: Promise<Cluster>;
  /** The answer if it is here already. */
  now(): Cluster | undefined;
  /**
   * Ends with the answer, at the latest after the head start that the API has before guests are asked without
   * it: long enough for a slow API to save connections to guests that do not run, short enough that one that
   * hangs does not delay everything else.
   */
  headStart: Promise<void>;
}

const headStartShare = 0.3;
const headStartLimitMs = 3000;

/** Asks each API once, however many environments share it. */
export function readClusters(run: HealthRun): (plan: EnvironmentToCheck) => ClusterReading {
  const readings = new Map<ProxmoxClient | Problem, ClusterReading>();
  return ({ proxmox }) => {
    const known = readings.get(proxmox);
    if (known !== undefined) return known;
    const reading = read(proxmox, run);
    readings.set(proxmox, reading);
    return reading;
  };
}

function read(proxmox: ProxmoxClient | Problem, { clock, timeoutMs }: HealthRun): ClusterReading {
  const start = clock.now();
  const answer = isProblem(proxmox)
    ? Promise.reject(proxmox)
    : withinDeadline(clock, start + timeoutMs, (signal) => readCluster(proxmox, signal)).then((cluster) => {
        if (cluster !== silence) return cluster;
        throw new Problem({
          kind: "undetermined",
          code: "proxmox-timeout",
          message: `the Proxmox API: ${noAnswerWithin(timeoutMs)}`,
        });
      });
  let here: Cluster | undefined;
  const settled = answer.then(
    (cluster) => {
      here = cluster;
    },
    () => undefined,
  );
  const head = Math.min(headStartLimitMs, timeoutMs * headStartShare);
  const headStart = withinDeadline(clock, start + head, () => settled).then(() => undefined);
  return { answer, now: () => here, headStart };
}
