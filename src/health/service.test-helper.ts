import type { Guest, Service } from "../model/inventory.ts";
import type { ServiceComponent } from "./component.ts";
import { guestOf } from "./health.test-helper.ts";

/** A service, on this guest where there is one. */
export function serviceComponent(facts: Partial<Service>, host?: Partial<Guest>): ServiceComponent {
  const service: Service = {
    name: "site",
    kind: "http",
    guest: host === undefined ? null : guestOf(host).name,
    url: "http://10.0.0.101",
    health_path: "/healthz",
    host: null,
    port: 80,
    scrape: null,
    monitor: true,
    ...facts,
  };
  return {
    type: "service",
    name: service.name,
    service,
    host: host === undefined ? undefined : guestOf(host),
  };
}
