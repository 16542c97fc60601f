import type { JsonObject } from "../model/json.ts";
import { type GuestType, isGuestType } from "./guest-types.ts";
import { isNothing } from "./same-json.ts";

// The devices of a guest by the blocks that declare them, as bpg/proxmox 0.111.1 treats them. Tried with that provider
// on the lab; docs/adr/0008-undeclared-devices.md has the findings.

export interface DeviceBlock {
  /** Attribute of the resource; absent where the provider has none for it. */
  block?: string;
  /** Keys in the configuration of the guest on Proxmox. */
  keys: RegExp;
  /** The key that the block's element number `index` declares. */
  keyOf?(element: JsonObject, index: number): string | undefined;
  /** Whether a value is a device of this block; all are, unless said otherwise. */
  isDevice?(value: string): boolean;
  /**
   * Whether Proxmox lets root@pam alone set or remove such a value, and so never a token: check_hostpci_perm,
   * check_usb_perm and the serial ports of PVE::API2::Qemu. Destroying the guest is not refused.
   */
  rootOnly?(value: string): boolean;
  /**
   * What an update that changes the block does with a device that the code does not have. What is kept is lost only
   * where the guest is replaced or destroyed.
   */
  update: "removes" | "keeps";
  /** Drift does not report it: nothing of the guest uses it, or Terraform's own plan shows it before it is lost. */
  silent?: true;
  /** File and line of the provider. */
  source: string;
}

const numbered = (name: string) => (_element: JsonObject, index: number) => `${name}${index}`;
const named = (attribute: string) => (element: JsonObject) => textOf(element[attribute]);

const isMapped = (value: string) => /(^|,)mapping=/.test(value);

const unused: DeviceBlock = {
  keys: /^unused\d+$/,
  update: "keeps",
  silent: true,
  source: "no attribute; Proxmox destroys the volume with its guest",
};

const ofMachine: readonly DeviceBlock[] = [
  {
    block: "disk",
    keys: /^(ide|sata|scsi|virtio)\d+$/,
    keyOf: named("interface"),
    // The cdrom block's and that of cloud-init.
    isDevice: (value) => !/(^|,)media=cdrom(,|$)|[-/:]cloudinit\b/.test(value),
    update: "removes",
    source: "vm.go:6493, 6522; vm/disk/disk.go:607 hides them",
  },
  {
    block: "network_device",
    keys: /^net\d+$/,
    keyOf: numbered("net"),
    update: "removes",
    source: "vm.go:6842",
  },
  {
    block: "hostpci",
    keys: /^hostpci\d+$/,
    keyOf: named("device"),
    rootOnly: (value) => !isMapped(value),
    update: "removes",
    source: "vm.go:6693",
  },
  {
    block: "usb",
    keys: /^usb\d+$/,
    keyOf: numbered("usb"),
    rootOnly: (value) => !isMapped(value) && !/(^|,)(host=)?spice(,|$)/i.test(value),
    update: "removes",
    source: "vm.go:6730",
  },
  {
    block: "serial_device",
    keys: /^serial\d+$/,
    keyOf: (element, index) => (textOf(element.device) === undefined ? undefined : `serial${index}`),
    // Templates of cloud images bring one; there is nothing behind it that could be lost.
    isDevice: (value) => value !== "socket",
    rootOnly: (value) => value !== "socket",
    update: "removes",
    source: "vm.go:6874",
  },
  {
    block: "virtiofs",
    keys: /^virtiofs\d+$/,
    keyOf: numbered("virtiofs"),
    update: "removes",
    source: "vm.go:6905",
  },
  { block: "numa", keys: /^numa\d+$/, keyOf: named("device"), update: "removes", source: "vm.go:6712" },
  {
    block: "audio_device",
    keys: /^audio0$/,
    keyOf: numbered("audio"),
    update: "removes",
    source: "vm.go:6313",
  },
  {
    block: "watchdog",
    keys: /^watchdog$/,
    keyOf: ({ enabled }) => (enabled === true ? "watchdog" : undefined),
    update: "removes",
    source: "vm.go:6953",
  },
  {
    block: "tpm_state",
    keys: /^tpmstate0$/,
    keyOf: () => "tpmstate0",
    update: "removes",
    // Of a template, it stays; elsewhere the plan shows it.
    silent: true,
    source: "vm.go:4820, 6574",
  },
  unused,
];

const ofContainer: readonly DeviceBlock[] = [
  {
    block: "network_interface",
    keys: /^net\d+$/,
    keyOf: numbered("net"),
    update: "removes",
    source: "container.go:4046",
  },
  {
    block: "mount_point",
    keys: /^mp\d+$/,
    keyOf: numbered("mp"),
    update: "keeps",
    source: "container.go:750: any change of the list is a replacement",
  },
  {
    block: "device_passthrough",
    keys: /^dev\d+$/,
    keyOf: numbered("dev"),
    update: "keeps",
    source: "container.go:3918",
  },
  unused,
];

const byType: Readonly<Partial<Record<GuestType, readonly DeviceBlock[]>>> = {
  proxmox_virtual_environment_vm: ofMachine,
  proxmox_virtual_environment_container: ofContainer,
};

/** Those of a type of resource: none of what is no guest, and of VMs that leave alone what they do not declare. */
export function deviceBlocksOf(type: string): readonly DeviceBlock[] {
  return (isGuestType(type) && byType[type]) || [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Lists of devices that have gaps on Proxmox have elements without any value in the state (network/network.go:149). */
export function isGap(element: JsonObject): boolean {
  return Object.values(element).every(isNothing);
}
