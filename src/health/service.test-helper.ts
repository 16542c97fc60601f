import type { Guest, Service } from "../model/inventory.ts";
import type { ServiceComponent } from "./component.ts";

/** A service `site`, on that guest where there is one. */
export function serviceComponent(facts: Partial<Service>, host?: Guest): ServiceComponent {
  const service: Service = {
    name: "site",
    kind: "http",
    guest: host?.name ?? null,
    url: "http://10.0.0.101",
    health_path: "/healthz",
    host: null,
    port: 80,
    scrape: null,
    monitor: true,
    ...facts,
  };
  return { type: "service", name: service.name, service, host };
}
