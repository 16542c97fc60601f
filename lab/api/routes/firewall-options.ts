import { type FirewallLevel, firewallValue } from "../firewall-level.ts";
import type { Route } from "../route.ts";

/** Options of one level of the firewall, echoed as they were put. */
export function optionRoutes({ base, read, write, of }: FirewallLevel): readonly Route[] {
  return [
    { method: "GET", path: `${base}/options`, permission: read, handle: (call) => of(call).options },
    {
      method: "PUT",
      path: `${base}/options`,
      permission: write,
      handle(call) {
        const { options } = of(call);
        for (const key of call.input.list("delete")) delete options[key];
        for (const [key, values] of call.input.entries()) {
          if (key === "delete" || key === "digest") continue;
          options[key] = firewallValue(key, values.at(-1) ?? "");
        }
      },
    },
  ];
}
