import { isObject, type JsonObject } from "../../model/json.ts";
import {
  blocks,
  differing,
  type EffectRules,
  numberAt,
  rule,
  type Sides,
  textAt,
  type UpdateEffect,
} from "./rule.ts";

/** `proxmox_virtual_environment_vm`: vmUpdate in proxmoxtf/resource/vm/vm.go. */
export const vmRules: EffectRules = {
  acpi: rule("power-cycle", "vm.go:6195"),
  agent: rule("power-cycle", "vm.go:6290"),
  amd_sev: rule("power-cycle", "vm.go:6299"),
  audio_device: rule("power-cycle", "vm.go:6316"),
  bios: rule("power-cycle", "vm.go:6207"),
  boot_order: rule("power-cycle", "vm.go:6331"),
  cdrom: rule("none", "vm.go:6336"),
  clone: rule("none", "vm.go:592: only at creation, else a replacement"),
  cpu: rule(cpuEffect, "vm.go:6416"),
  delete_unreferenced_disks_on_destroy: rule("none", "vm.go:1698"),
  description: rule("none", "vm.go:6210"),
  disk: rule(diskEffect, "disk/disk.go:675, vm.go:7025, 7082, 7266, 7300"),
  efi_disk: rule(efiDiskEffect, "vm.go:6547, vm.go:7266"),
  hook_script_file_id: rule("none", "vm.go:6919"),
  hostpci: rule("power-cycle", "vm.go:6701"),
  hotplug: rule("none", "vm.go:6225"),
  id: rule("none", "computed"),
  initialization: rule(initializationEffect, "vm.go:6640, vm.go:6683"),
  ipv4_addresses: rule("none", "network/schema.go:50: computed"),
  ipv6_addresses: rule("none", "network/schema.go:59: computed"),
  keyboard_layout: rule("power-cycle", "vm.go:6237"),
  kvm_arguments: rule("power-cycle", "vm.go:6201"),
  mac_addresses: rule("none", "network/schema.go:68: computed"),
  machine: rule("power-cycle", "vm.go:6243"),
  memory: rule(memoryEffect, "vm.go:6771"),
  migrate: rule("none", "vm.go:1311"),
  name: rule("none", "vm.go:6246"),
  network_device: rule("none", "vm.go:6846"),
  network_interface_names: rule("none", "network/schema.go:163: computed"),
  node_name: rule("migrated", "vm.go:6172"),
  numa: rule("power-cycle", "vm.go:6720"),
  on_boot: rule("none", "vm.go:6215"),
  operating_system: rule("power-cycle", "vm.go:6866"),
  pool_id: rule("none", "vm.go:5852"),
  protection: rule("none", "vm.go:6254"),
  purge_on_destroy: rule("none", "vm.go:1692"),
  reboot: rule("none", "vm.go:344: only at creation"),
  reboot_after_update: rule("none", "vm.go:350"),
  rng: rule("power-cycle", "vm.go:6586"),
  scsi_hardware: rule("power-cycle", "vm.go:6916"),
  serial_device: rule("power-cycle", "vm.go:6877"),
  smbios: rule("none", "vm.go:6880"),
  started: rule(({ after }) => (after.started === false ? "stopped" : "none"), "vm.go:2290"),
  startup: rule("none", "vm.go:6887"),
  stop_on_destroy: rule("none", "vm.go:1686"),
  tablet_device: rule("power-cycle", "vm.go:6262"),
  tags: rule("none", "vm.go:6220"),
  template: rule(({ after }) => (after.template === true ? "stopped" : "none"), "vm.go:6976"),
  timeout_clone: rule("none", "vm.go:1533"),
  timeout_create: rule("none", "vm.go:1539"),
  timeout_migrate: rule("none", "vm.go:1553"),
  timeout_move_disk: rule("none", "vm.go:1545"),
  timeout_reboot: rule("none", "vm.go:1559"),
  timeout_shutdown_vm: rule("none", "vm.go:1565"),
  timeout_start_vm: rule("none", "vm.go:1571"),
  timeout_stop_vm: rule("none", "vm.go:1577"),
  tpm_state: rule("needs-off", "vm.go:6552"),
  usb: rule("power-cycle", "vm.go:6738"),
  vga: rule("power-cycle", "vm.go:6897"),
  virtiofs: rule("power-cycle", "vm.go:6908"),
  vm_id: rule("none", "vm.go:1767: another number is a replacement"),
  watchdog: rule("power-cycle", "vm.go:6956"),
};

/** Virtual CPUs can be plugged in where the VM allows it; cores and sockets never. */
function cpuEffect(sides: Sides): UpdateEffect {
  const changed = differing(blocks(sides, "cpu"));
  const plugged = changed.length === 1 && changed[0] === "hotplugged" && hotplugs(sides, "cpu");
  return plugged ? "none" : "power-cycle";
}

/** Memory can be plugged in where the VM allows it, never out. */
function memoryEffect(sides: Sides): UpdateEffect {
  const { before, after } = blocks(sides, "memory");
  const sizes = ["dedicated", "floating", "shared"];
  const plugged =
    differing({ before, after }).every((key) => sizes.includes(key)) &&
    sizes.every((key) => numberAt(after, key) >= numberAt(before, key)) &&
    hotplugs(sides, "memory");
  return plugged ? "none" : "power-cycle";
}

/** Disks are identified by their interface; adding and removing one is done while the VM runs. */
function diskEffect(sides: Sides): UpdateEffect {
  const [before, after] = [disksOf(sides.before), disksOf(sides.after)];
  const changed = new Set(
    [...after].flatMap(([name, disk]) => {
      const old = before.get(name);
      return old === undefined ? [] : differing({ before: old, after: disk });
    }),
  );
  const shrinks = [...after].some(
    ([name, disk]) => numberAt(disk, "size") < numberAt(before.get(name) ?? {}, "size"),
  );
  if (shrinks) return "impossible";
  if (changed.has("datastore_id")) return "needs-off";
  if (changed.has("aio") || changed.has("queues")) return "power-cycle";
  return changed.has("size") && !hotplugs(sides, "disk") ? "restart" : "none";
}

function disksOf(values: JsonObject): Map<string, JsonObject> {
  const disks = Array.isArray(values.disk) ? values.disk : [];
  return new Map(disks.filter(isObject).map((disk) => [textAt(disk, "interface"), disk]));
}

function efiDiskEffect(sides: Sides): UpdateEffect {
  const { before, after } = blocks(sides, "efi_disk");
  const moved = differing({ before, after }).includes("datastore_id");
  return moved && Object.keys(before).length > 0 ? "needs-off" : "power-cycle";
}

/** The drive with the cloud-init data is moved only while the VM is off. */
function initializationEffect(sides: Sides): UpdateEffect {
  const { before, after } = blocks(sides, "initialization");
  if (Object.keys(after).length === 0) return "power-cycle";
  const changed = differing({ before, after });
  const moved = changed.some((key) => ["datastore_id", "file_format"].includes(key));
  const elsewhere = changed.includes("interface") && textAt(after, "interface") !== "";
  return moved || elsewhere ? "needs-off" : "power-cycle";
}

/** vm.go:4251 and 4270; without a setting Proxmox plugs network, disk and usb. */
function hotplugs({ after }: Sides, feature: string): boolean {
  const setting = textAt(after, "hotplug") || "network,disk,usb";
  const features = setting.split(",").map((name) => name.trim());
  return setting === "1" || features.includes(feature);
}
