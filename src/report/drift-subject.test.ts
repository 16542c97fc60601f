import { expect, test } from "vitest";
import { friendlySubject, friendlyValue } from "./drift-subject.ts";

test.each([
  ['module.vms["web"].proxmox_virtual_environment_vm.this', "vm web"],
  ['module.containers["mail"].proxmox_virtual_environment_container.this[0]', "lxc mail"],
  ['module.vms["a.b"].proxmox_virtual_environment_vm.this', "vm a.b"],
  ['module.vms["web"].proxmox_virtual_environment_file.user_data', "file user_data of web"],
  ['module.stack.module.vm["x"].proxmox_virtual_environment_vm.main', "vm x"],
  ["module.monitoring.proxmox_virtual_environment_vm.this", "vm monitoring"],
  ['proxmox_virtual_environment_vm.guests["web"]', "vm guests web"],
  ["proxmox_virtual_environment_vm.web", "vm web"],
  ["proxmox_virtual_environment_vm.this", "vm this"],
  ["proxmox_virtual_environment_vm.web[2]", "vm web 2"],
  ["proxmox_backup_job.nightly", "backup job nightly"],
  ["tls_private_key.ca", "tls private key ca"],
  ["vm/105 (leftover)", "vm/105 (leftover)"],
  ["/etc/prometheus/rules.yml on monitoring", "/etc/prometheus/rules.yml on monitoring"],
  ["", ""],
])("%s is %s", (address, words) => {
  expect(friendlySubject(address)).toBe(words);
});

test("values on one line", () => {
  expect(friendlyValue(2048)).toBe("2048");
  expect(friendlyValue(false)).toBe("false");
  expect(friendlyValue("on")).toBe("on");
  expect(friendlyValue("")).toBe('""');
  expect(friendlyValue(["a", 1])).toBe('["a",1]');
  expect(friendlyValue(null)).toBe("(none)");
  expect(friendlyValue(undefined)).toBe("(none)");
  expect(friendlyValue("x".repeat(500))).toHaveLength(200);
});
