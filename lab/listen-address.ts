import { isIP } from "node:net";
import { LabError } from "./lab-error.ts";
import { freePort } from "./ports.ts";

/**
 * Listens there for a moment: lists of addresses leave out those of an interface without carrier, such as Docker's bridge
 * before its first container.
 * @throws LabError `option-invalid` for what is no single address of this machine, such as 0.0.0.0
 */
export async function checkListenAddress(address: string | undefined): Promise<void> {
  if (address === undefined) return;
  const single = isIP(address) !== 0 && !["0.0.0.0", "::"].includes(address);
  const own = single && (await freePort(address).catch(() => 0)) !== 0;
  if (!own) throw new LabError("option-invalid", `"${address}" is no address of this machine`);
}
