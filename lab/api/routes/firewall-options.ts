import { createHash } from "node:crypto";
import type { ConfigValue } from "../../world.ts";
import { type FirewallLevel, firewallValue } from "../firewall-level.ts";
import type { Route } from "../route.ts";

/** Options of one level of the firewall, echoed as they were put, with a digest. Source: PVE::API2::Firewall::VM. */
export function optionRoutes({ base, read, write, of }: FirewallLevel): readonly Route[] {
  return [
    { method: "GET", path: `${base}/options`, permission: read, handle: (call) => shown(of(call).options) },
    {
      method: "PUT",
      path: `${base}/options`,
      permission: write,
      handle(call) {
        const { options } = of(call, "forChange");
        for (const key of call.input.list("delete")) delete options[key];
        for (const [key, values] of call.input.entries()) {
          if (key === "delete" || key === "digest") continue;
          options[key] = firewallValue(key, values.at(-1) ?? "");
        }
      },
    },
  ];
}

function shown(options: Record<string, ConfigValue>): Record<string, ConfigValue> {
  const lines = Object.keys(options)
    .sort()
    .map((key) => `${key}:${options[key]}\n`);
  return { ...options, digest: createHash("sha1").update(lines.join("")).digest("hex") };
}
