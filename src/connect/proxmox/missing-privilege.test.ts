import { expect, test } from "vitest";
import { grantHint, lacked, missingPrivileges } from "./missing-privilege.ts";

test("every refusal that a text names, each once", () => {
  const missing =
    missingPrivileges(`error creating VM: Reason: Permission check failed (/vms/202, VM.Config.CPU)
Permission check failed (/vms/202, VM.Config.CPU), then Permission check failed (/storage/local, Datastore.AllocateSpace|Datastore.Audit)
Permission check failed (/, Sys.Modify for modifying tag 'x')`);
  expect(lacked(missing)).toBe(
    "VM.Config.CPU on /vms/202, Datastore.AllocateSpace or Datastore.Audit on /storage/local, Sys.Modify on /",
  );
  expect(grantHint(missing)).toContain("--privs 'VM.Config.CPU Datastore.AllocateSpace Sys.Modify'");
});

test("a refusal that names no privilege", () => {
  expect(missingPrivileges("Permission check failed")).toEqual([]);
  expect(
    missingPrivileges("Permission check failed (changing feature flags is only allowed for root@pam)"),
  ).toEqual([]);
});
