import type { Container } from "../connect/docker/compose.ts";
import type { StackRecord } from "./record.ts";
import { isHealthy } from "./up.ts";

export interface ServiceStatus {
  service: string;
  /** As Docker says it; `missing` where there is no container. */
  state: string;
  /** As its health check says; empty without one. */
  health: string;
  healthy: boolean;
  /** For people; null for what has no web page. */
  url: string | null;
  /** The same without Traefik and names. */
  direct_url: string | null;
}

/** A line for each service that is declared as a container, in the order of their names. */
export function stackStatus(
  { services }: Pick<StackRecord, "services">,
  containers: readonly Container[],
): ServiceStatus[] {
  return Object.entries(services)
    .filter(([, { container }]) => container)
    .map(([service, { url, direct_url }]) => {
      const found = containers.find((container) => container.service === service);
      const { state, health } = found ?? { state: "missing", health: "" };
      return { service, state, health, healthy: isHealthy({ state, health }), url, direct_url };
    })
    .sort((a, b) => (a.service < b.service ? -1 : 1));
}
