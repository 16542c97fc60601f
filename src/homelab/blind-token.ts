import { grantHint, lacked, type MissingPrivilege } from "../connect/proxmox/missing-privilege.ts";
import { holds, readPermissions } from "../connect/proxmox/permissions.ts";
import type { ProxmoxClient } from "../connect/proxmox/types.ts";
import { isObject } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { isGuestType } from "../plan/guest-types.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";

// Proxmox leaves out of its lists what a token may not see, without an error: the provider then takes it for deleted, and
// plans to create it again. And what it has just created and cannot see, the provider waits for until its time limit.

/** Rejects with a Problem `proxmox-forbidden` where the token cannot see what a plan is about. */
export type LookAtPlan = (plan: Plan, signal?: AbortSignal) => Promise<void>;

export function refuseBlindPlan(client: ProxmoxClient): LookAtPlan {
  return async (plan, signal) => {
    const needed = neededToSee(plan);
    if (needed.length === 0) return;
    const permissions = await readPermissions(client, signal === undefined ? {} : { signal });
    const missing = needed.filter(
      ({ path, privileges }) => !privileges.some((name) => holds(permissions, path, name)),
    );
    if (missing.length === 0) return;
    throw new Problem({
      kind: "undetermined",
      code: "proxmox-forbidden",
      message: `the token lacks ${lacked(missing)}: Proxmox does not show what is there`,
      hint: grantHint(missing),
    });
  };
}

const file = /^proxmox_virtual_environment_file$/;
const download = /^proxmox_(virtual_environment_)?download_file$/;

/** What has to be seen: guests to be made, and all that is said to be gone. */
function neededToSee({ changes, drift }: Plan): MissingPrivilege[] {
  const made = changes.filter(({ action, type }) => action === "create" && isGuestType(type));
  const gone = drift.filter(({ action }) => action === "delete");
  const needed = [...made, ...gone].flatMap((change) => neededFor(change) ?? []);
  return [...new Map(needed.map((one) => [lacked([one]), one])).values()];
}

function neededFor({ type, sides }: ResourceChange): MissingPrivilege | undefined {
  const values = isObject(sides.after) ? sides.after : sides.before;
  if (!isObject(values)) return undefined;
  // What a pool grants holds for guests that are made in it.
  if (isGuestType(type)) {
    return typeof values.pool_id === "string" && values.pool_id !== ""
      ? undefined
      : {
          path: `/vms${typeof values.vm_id === "number" ? `/${values.vm_id}` : ""}`,
          privileges: ["VM.Audit"],
        };
  }
  const path = `/storage/${values.datastore_id}`;
  if (file.test(type) && values.content_type === "snippets")
    return { path, privileges: ["Datastore.Allocate"] };
  return file.test(type) || download.test(type)
    ? { path, privileges: ["Datastore.Audit", "Datastore.AllocateSpace", "Datastore.Allocate"] }
    : undefined;
}
