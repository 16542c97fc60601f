import { z } from "zod";
import { Problem } from "../model/problem.ts";
import type { StateFacts } from "./state-file.ts";

const inventorySchema = z.object({
  guests: z.array(z.object({ name: z.string(), address: z.string().nullable() })),
  services: z.array(z.object({ name: z.string(), kind: z.string(), guest: z.string().nullable() })),
});

/**
 * Problem `state-own-store` where the environment declares the store itself: losing that machine would lose with
 * it what says how to make it again.
 */
export function refuseOwnStore(environment: string, state: StateFacts, endpoint: string): void {
  const declared = declaredStore(state, new URL(endpoint).hostname);
  if (declared === undefined) return;
  throw new Problem({
    kind: "configuration",
    code: "state-own-store",
    message: `${environment} declares the store itself (${declared}), and a state must not be kept in what it describes: lose that machine, and you lose what would bring it back`,
    hint: `leave the state of ${environment} in its file, and keep a copy of it off this machine`,
  });
}

function declaredStore({ modules, inventory }: StateFacts, host: string): string | undefined {
  const module = modules.find((address) => /(^|\.)module\.minio(\[|\.|$)/.test(address));
  if (module !== undefined) return module;
  const parsed = inventorySchema.safeParse(inventory);
  if (!parsed.success) return undefined;
  // A service without a guest is only watched.
  const service = parsed.data.services.find(({ kind, guest }) => kind === "minio" && guest !== null);
  if (service !== undefined) return `service ${service.name}`;
  const guest = parsed.data.guests.find(({ address }) => address === host && !isLoopback(host));
  return guest === undefined ? undefined : `guest ${guest.name} at ${host}`;
}

function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "localhost" || host === "[::1]";
}
