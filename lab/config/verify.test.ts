import { expect, test } from "vitest";
import { wrongConfig, wrongDeletion, wrongParameters } from "./verify.ts";

const unknown = "property is not defined in schema and the schema does not allow additional properties";

test.each([
  ["lxc", "memory", "abc", "type check ('integer') failed - got 'abc'"],
  ["lxc", "memory", "-5", "value must have a minimum value of 16"],
  ["lxc", "swap", "-1", "value must have a minimum value of 0"],
  ["lxc", "hostname", "weird name", "invalid format - value does not look like a valid DNS name"],
  ["lxc", "balloon", "0", unknown],
  [
    "qemu",
    "memory",
    "-5",
    "invalid format - format error\nmemory.current: value must have a minimum value of 16\n",
  ],
  ["qemu", "cores", "0", "value must have a minimum value of 1"],
  ["qemu", "cpuunits", "262145", "value must have a maximum value of 262144"],
  ["qemu", "onboot", "maybe", "type check ('boolean') failed - got 'maybe'"],
  ["qemu", "cpulimit", "two", "type check ('number') failed - got 'two'"],
  ["qemu", "bios", "uefi", "value 'uefi' does not have a value in the enumeration 'seabios, ovmf'"],
  ["qemu", "name", "weird name", "invalid format - value does not look like a valid DNS name"],
  ["qemu", "foo", "bar", unknown],
  ["qemu", "scsi31", "local-lvm:1", unknown],
  ["qemu", "net", "virtio", unknown],
  ["qemu", "constructor", "1", unknown],
] as const)("%s %s=%s is refused in Proxmox's words", (kind, key, value, text) => {
  expect(wrongConfig(kind, [[key, value]])).toEqual({ [key]: text });
});

test.each([
  ["qemu", "memory", "2048"],
  ["qemu", "memory", "current=2048"],
  ["qemu", "scsi30", "local-lvm:1"],
  ["qemu", "cpulimit", "0.5"],
  ["qemu", "onboot", "Yes"],
  ["qemu", "name", "db.example.org"],
  ["lxc", "swap", "0"],
  ["lxc", "mp255", "local-lvm:1,mp=/srv"],
] as const)("%s %s=%s is fine", (kind, key, value) => {
  expect(wrongConfig(kind, [[key, value]])).toBeUndefined();
});

test("what a call takes besides is no configuration, and each call has its own", () => {
  expect(wrongParameters("lxc", "create", [["ostemplate", "x"]])).toBeUndefined();
  expect(wrongParameters("lxc", "change", [["ostemplate", "x"]])).toEqual({ ostemplate: unknown });
  expect(wrongConfig("lxc", [["ostemplate", "x"]])).toEqual({ ostemplate: unknown });
  expect(wrongParameters("qemu", "clone", [["cores", "2"]])).toEqual({ cores: unknown });
});

test("only what there is can be deleted", () => {
  expect(wrongDeletion("qemu", ["net7", "cicustom"])).toBeUndefined();
  expect(wrongDeletion("lxc", ["net0", "balloon"])).toEqual({ delete: "unknown option 'balloon'" });
});
