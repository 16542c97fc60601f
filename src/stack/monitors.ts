import type { MonitorFields, SeenMonitor } from "../connect/uptime-kuma/monitor.ts";
import { healthAddress, type Inventory, type Service } from "../model/inventory.ts";
import type { Rendered } from "./rendered.ts";

/** A monitor that is to be there; `description` begins with what it is known by. */
export type WantedMonitor = MonitorFields;

export interface MonitorPlan {
  create: WantedMonitor[];
  change: { seen: SeenMonitor; fields: Partial<WantedMonitor> }[];
  remove: SeenMonitor[];
}

/** Of the first line of a description. */
const mark = "pve-home: ";

/**
 * A monitor for each service with `monitor`: those of the stack at the name and port that they have in its network, those
 * of the inventories at their address. `unreachable` are those at an address of this machine's own loopback, which a
 * container does not reach.
 */
export function wantedMonitors(
  { services, service_entries: entries }: Pick<Rendered, "services" | "service_entries">,
  stackEnvironment: string,
  inventories: readonly Inventory[],
): { wanted: WantedMonitor[]; unreachable: string[] } {
  const own = entries.map((entry) => ({ entry: inside(entry, services), environment: stackEnvironment }));
  const others = inventories.flatMap(({ environment, services: declared }) =>
    declared.map((entry) => ({ entry, environment })),
  );
  const all = [
    ...own,
    // The stack of this environment is listed in its inventory too, where that was applied.
    ...others.filter((one) => !own.some(({ entry, environment }) => isSame(one, { entry, environment }))),
  ].filter(({ entry }) => entry.monitor);
  const isLocal = ({ entry }: (typeof all)[number]) => loopback.test(new URL(entry.url).hostname);
  return {
    wanted: all.filter((one) => !isLocal(one)).map(({ entry, environment }) => monitorOf(entry, environment)),
    unreachable: all
      .filter(isLocal)
      .map(({ entry, environment }) => `${entry.name} (${environment}) at ${entry.url}`),
  };
}

const loopback = /^(127\.|localhost$|\[::1\]$)/;

interface Declared {
  entry: Service;
  environment: string;
}

function isSame(one: Declared, other: Declared): boolean {
  return one.environment === other.environment && one.entry.name === other.entry.name;
}

/** What the machine has as a package is no name in the network of the stack. */
function inside(entry: Service, services: Rendered["services"]): Service {
  const service = services[entry.name];
  if (service === undefined || !service.container || service.container_port === null) return entry;
  return { ...entry, url: `http://${entry.name}:${service.container_port}` };
}

function monitorOf(entry: Service, environment: string): WantedMonitor {
  return {
    name: `${entry.name} (${environment})`,
    description: `${mark}${environment}/${entry.name}`,
    url: healthAddress(entry),
    // As `pve-home health` judges them.
    accepted_statuscodes: entry.health_path === null ? ["100-199", "200-299", "300-399", "400-499"] : ["200"],
  };
}

/**
 * What is to be done so that there is a monitor for each of the wanted ones. Those that carry no mark of ours are left
 * alone, and of ours what the inventory does not say: intervals, notifications, tags, a pause.
 */
export function planMonitors(wanted: readonly WantedMonitor[], seen: readonly SeenMonitor[]): MonitorPlan {
  const known = (description: string) => description.split("\n")[0] ?? "";
  const ours = seen
    .filter(({ description }) => description?.startsWith(mark))
    .toSorted((a, b) => a.id - b.id);
  const matching = (one: WantedMonitor) =>
    ours.find(({ description }) => known(description ?? "") === one.description);
  return {
    create: wanted.filter((one) => matching(one) === undefined),
    change: wanted.flatMap((one) => {
      const found = matching(one);
      const fields = found === undefined ? {} : differences(one, found);
      return found === undefined || Object.keys(fields).length === 0 ? [] : { seen: found, fields };
    }),
    remove: ours.filter(
      ({ description }) => !wanted.some((one) => one.description === known(description ?? "")),
    ),
  };
}

function differences(wanted: WantedMonitor, seen: SeenMonitor): Partial<WantedMonitor> {
  // The rest of a description is the user's.
  const { description: _, ...fields } = wanted;
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => JSON.stringify(seen[name]) !== JSON.stringify(value)),
  );
}
