import type { ResourceChange } from "./plan-json.ts";
import { isRenewal } from "./renewal.ts";

export type Effect =
  | { kind: "create" }
  | { kind: "delete"; why: string }
  | { kind: "forget" }
  | { kind: "adopt"; id: string }
  | { kind: "replace"; why: string };

// https://developer.hashicorp.com/terraform/internals/json-format: "action_reason"
const reasons: Record<string, string> = {
  replace_because_tainted: "its last creation did not finish",
  replace_by_request: "a replacement was asked for",
  replace_by_triggers: "something it is tied to by replace_triggered_by changes",
  delete_because_no_resource_config: "the code no longer has it",
  delete_because_no_module: "the code no longer has its module",
  delete_because_no_move_target: "it was moved to an address the code does not have",
  delete_because_wrong_repetition: "count or for_each came or went",
  delete_because_count_index: "count is smaller now",
  delete_because_each_key: "for_each no longer has its key",
};

/** Whether its creation failed half-way: Terraform calls it tainted. */
export function isUnfinished({ reason }: ResourceChange): boolean {
  return reason === "replace_because_tainted";
}

/** Why it is replaced or deleted, where no attribute is the reason. */
export function reasonOf(change: ResourceChange): string | undefined {
  return change.reason === undefined ? undefined : reasons[change.reason];
}

/** What applying does beyond setting attributes; undefined where that is nothing. */
export function effectOf(change: ResourceChange): Effect | undefined {
  const { action, deposed, importing, replacePaths } = change;
  const reason = reasonOf(change);
  switch (action) {
    case "create":
      return { kind: "create" };
    case "delete":
      if (deposed !== undefined)
        return { kind: "delete", why: "it is left over from an interrupted replacement" };
      return { kind: "delete", why: reason ?? "the code no longer has it" };
    case "forget":
      return { kind: "forget" };
    case "replace":
      return { kind: "replace", why: reason ?? causeOf(change.type, replacePaths) };
    default:
      return importing === undefined ? undefined : { kind: "adopt", id: importing };
  }
}

function causeOf(type: string, paths: readonly string[]): string {
  if (paths.length > 0 && paths.every((path) => isRenewal(type, path))) return "it is due for renewal";
  return paths.length === 0
    ? "it cannot be changed in place"
    : `${paths.join(", ")} cannot be changed in place`;
}
