import type { Route } from "../route.ts";

/** What the lab says it is: the release whose sources it was written after. */
export const pveVersion = { version: "9.1.1", release: "9.1", repoid: "42db4a6cf33dac83" } as const;

export const versionRoutes: readonly Route[] = [
  { method: "GET", path: "version", permission: "user", handle: () => pveVersion },
  { method: "GET", path: "nodes/{node}/version", permission: "user", handle: () => pveVersion },
];
