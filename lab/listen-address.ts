import { networkInterfaces } from "node:os";
import { LabError } from "./lab-error.ts";

/** @throws LabError `option-invalid` for what is no address of this machine, such as 0.0.0.0: tokens cross that network */
export function checkListenAddress(address: string | undefined): void {
  if (address === undefined) return;
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address));
  // All of 127.0.0.0/8 is, and is listed as one address.
  if (own.includes(address) || /^127(\.\d{1,3}){3}$/.test(address)) return;
  const message = `"${address}" is no address of this machine; it has ${own.join(", ")}`;
  throw new LabError("option-invalid", message);
}
