import { netKey } from "../config/keys.ts";
import { requireBridge } from "./bridge-access.ts";
import { requireContainerKey } from "./container-permissions.ts";
import type { KeyOwner } from "./key-owner.ts";
import { requireMachineKey } from "./machine-permissions.ts";
import type { Call } from "./route.ts";

/**
 * Checks that the caller may set, or with an empty value delete, one configuration key. root@pam may set all;
 * a token, root's own included, may not set what only root@pam may.
 * @throws ApiError 403, and 500 `only root can set '…' config`
 */
export function requireKey(call: Call, owner: KeyOwner, key: string, value: string): void {
  if (call.who.name === "root@pam") return;
  if (owner.kind === "qemu") requireMachineKey(call, owner, key, value);
  else requireContainerKey(call, owner, key, value);
  if (!netKey.test(key)) return;
  const before = owner.config?.[key];
  if (before !== undefined) requireBridge(call, owner.kind, String(before));
  if (value !== "") requireBridge(call, owner.kind, value);
}
