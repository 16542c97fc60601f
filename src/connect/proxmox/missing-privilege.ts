/** What Proxmox refused: one of `privileges` is needed at an ACL path. */
export interface MissingPrivilege {
  path: string;
  privileges: string[];
}

/** What every `Permission check failed (PATH, PRIVILEGE|PRIVILEGE)` in a text names, each once. */
export function missingPrivileges(text: string): MissingPrivilege[] {
  const found = text.matchAll(/Permission check failed \(\s*(\/[^,()\s]*),\s*([A-Z][^()]*?)\s*\)/g);
  const missing = [...found].map(([, path = "", names = ""]) => ({
    path,
    privileges: names.split(/[|,]\s*/).map((name) => name.replace(/ .*/s, "")),
  }));
  return [...new Map(missing.map((one) => [lacked([one]), one])).values()];
}

/** `VM.Clone on /vms/9000 and SDN.Use on /sdn/zones/localnetwork/vmbr0` */
export function lacked(missing: readonly MissingPrivilege[]): string {
  return missing.map(({ path, privileges }) => `${privileges.join(" or ")} on ${path}`).join(", ");
}

/**
 * The command that grants it to the role that the token has already. A role of its own on a deeper path would take
 * away what the token has from above, and where the token has its own privileges, its user needs them as well.
 */
export function grantHint(missing: readonly MissingPrivilege[]): string {
  const names = [...new Set(missing.flatMap(({ privileges }) => privileges[0] ?? []))];
  return `on a node, for the role of this token: pveum role modify ROLE --append 1 --privs '${names.join(" ")}' (docs/privileges.md)`;
}
