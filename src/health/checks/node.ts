import { roughDuration } from "../../model/duration.ts";
import type { ApiCheck, Outcome } from "../check.ts";

/** What the API says about a node. */
export const node: ApiCheck<"node"> = {
  asks: "api",
  of: "node",
  name: "proxmox",
  summary: "the node is online, says the Proxmox API",
  inside: false,
  run: async ({ name }, context): Promise<Outcome> => {
    const { nodes } = await context.cluster();
    const found = nodes.get(name);
    const facts = { expected: "online", actual: found?.status ?? "missing" };
    switch (found?.status) {
      case "online":
        return { status: "ok", detail: `online, up ${roughDuration(found.uptime * 1000)}` };
      case "offline":
        return { status: "fail", detail: "offline", code: "node-offline", ...facts };
      case "unknown":
        return {
          status: "unknown",
          detail: "the cluster does not say how it is",
          code: "node-unknown",
          ...facts,
        };
      case undefined:
        return {
          status: "fail",
          detail: `not in the cluster; there is ${[...nodes.keys()].join(", ") || "no node to be seen"}`,
          code: "node-missing",
          ...facts,
        };
    }
  },
};
