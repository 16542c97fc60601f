import { z } from "zod";

/** What we say of a monitor, in Uptime Kuma's own words. */
export interface MonitorFields {
  name: string;
  description: string;
  url: string;
  /** Ranges and single codes: `200`, `200-299`. */
  accepted_statuscodes: string[];
}

/** A monitor as Uptime Kuma lists it, with all its other fields: a change has to send them back. */
export const seenMonitorSchema = z.looseObject({
  id: z.int(),
  name: z.string(),
  description: z.string().nullish(),
  type: z.string(),
  url: z.string().nullish(),
  accepted_statuscodes: z.array(z.string()).default([]),
});

export type SeenMonitor = z.infer<typeof seenMonitorSchema>;

/**
 * All that its web page sends for a new monitor of type HTTP, in seconds where it is a time. An answer that leads
 * elsewhere is judged as it is. 20 seconds is the shortest interval that Uptime Kuma takes.
 */
export function newMonitor(fields: MonitorFields, version: string): Record<string, unknown> {
  return {
    type: "http",
    method: "GET",
    ...fields,
    ...{ interval: 30, retryInterval: 30, resendInterval: 0, maxretries: 0, timeout: 10, maxredirects: 0 },
    ...{
      parent: null,
      notificationIDList: {},
      ignoreTls: false,
      upsideDown: false,
      expiryNotification: false,
    },
    ...{ dns_resolve_type: "A", dns_resolve_server: "1.1.1.1", httpBodyEncoding: "json", active: true },
    ...{ kafkaProducerBrokers: [], kafkaProducerSaslOptions: { mechanism: "None" } },
    // They have to be there since 2.0.0-beta; the databases of 1.23 and 2.0.0-dev do not know them.
    ...(/^1\.|-dev/.test(version) ? {} : { conditions: [], rabbitmqNodes: [] }),
  };
}
