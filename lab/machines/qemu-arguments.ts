import { parseProperties } from "../config/property-string.ts";
import { guestName } from "../guest.ts";
import type { Guest } from "../world.ts";
import type { Acceleration } from "./acceleration.ts";
import type { Disk } from "./disks.ts";
import type { MachineImage } from "./image.ts";
import { cardsOf } from "./network.ts";

/** Descriptors of the QEMU process that are channels to the lab: its monitor (QMP), and the agent's port. */
export const channels = { monitor: 3, agent: 4 } as const;

export interface Hardware {
  acceleration: Acceleration;
  image: MachineImage;
  disks: readonly Disk[];
  /** The cloud-init drive; undefined where there is none. */
  cloudInit?: string | undefined;
  /** The file that the serial console goes to. */
  console: string;
  /** Further words of the kernel's command line, where the kernel is booted directly. */
  kernelWords?: readonly string[];
}

/** The command line of the QEMU process that is a guest. */
export function qemuArguments(guest: Guest, hardware: Hardware): string[] {
  return [
    ...["-name", guestName(guest), "-nodefaults", "-no-user-config", "-display", "none"],
    ...["-machine", "pc", ...accelerator(hardware.acceleration)],
    ...["-smp", String(processors(guest)), "-m", String(memory(guest))],
    ...smbios(guest),
    ...kernel(hardware),
    ...["-device", "virtio-rng-pci", "-device", "virtio-scsi-pci,id=scsi"],
    ...hardware.disks.flatMap(drive),
    ...(hardware.cloudInit === undefined ? [] : seed(hardware.cloudInit)),
    ...cardsOf(guest).flatMap(({ tap, mac }, index) => [
      ...["-netdev", `tap,id=net${index},ifname=${tap},script=no,downscript=no`],
      ...["-device", `virtio-net-pci,netdev=net${index},mac=${mac},romfile=`],
    ]),
    ...["-serial", `file:${hardware.console}`],
    ...["-chardev", `socket,id=monitor,fd=${channels.monitor}`, "-mon", "chardev=monitor,mode=control"],
    ...["-chardev", `socket,id=agent,fd=${channels.agent}`],
    ...(hasAgent(guest) ? agentPort : []),
  ];
}

// The guest finds its port by the name; QEMU tells of it (VSERPORT_CHANGE) where the device has an id.
const agentPort = [
  ...["-device", "virtio-serial-pci"],
  ...["-device", "virtserialport,chardev=agent,id=agent,name=org.qemu.guest_agent.0"],
];

function accelerator(acceleration: Acceleration): string[] {
  // `max` is every feature there is: the model of the configuration may be one that only a newer QEMU knows.
  if (acceleration === "kvm") return ["-accel", "kvm", "-cpu", "max"];
  return ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max"];
}

function processors(guest: Guest): number {
  return Number(guest.config.cores ?? 1) * Number(guest.config.sockets ?? 1);
}

/** In MiB; 512 is the default of both kinds. */
function memory(guest: Guest): number {
  const text = String(guest.config.memory ?? 512);
  return Number(parseProperties(text, "current").get("current") ?? 512);
}

function smbios(guest: Guest): string[] {
  const uuid = parseProperties(String(guest.config.smbios1 ?? ""), "uuid").get("uuid");
  return uuid === undefined ? [] : ["-uuid", uuid];
}

function kernel({ image, disks, kernelWords = [] }: Hardware): string[] {
  if (!image.kernel || !disks[0]?.ownImage) return [];
  // Names of network cards as in Debian's cloud image (eth0), and the end of QEMU where the kernel panics.
  const words = ["root=LABEL=root", "rw", "console=ttyS0", "net.ifnames=0", "panic=-1", ...kernelWords];
  return ["-kernel", image.kernel.vmlinuz, "-initrd", image.kernel.initrd, "-append", words.join(" ")];
}

// The lab's disks are copies: what a crash of this machine loses need not be waited for (cache=unsafe).
function drive({ key, path }: Disk, index: number): string[] {
  const device = key.startsWith("scsi") ? "scsi-hd,bus=scsi.0" : "virtio-blk-pci";
  return [
    ...[
      "-drive",
      `file=${path.replaceAll(",", ",,")},format=qcow2,if=none,id=${key},cache=unsafe,discard=unmap`,
    ],
    ...["-device", `${device},drive=${key},bootindex=${index + 1}`],
  ];
}

// A CD drive in Proxmox; here a disk that is read only, because Debian's cloud kernel knows no IDE.
function seed(path: string): string[] {
  return [
    ...["-drive", `file=${path.replaceAll(",", ",,")},format=raw,if=none,id=cloudinit,read-only=on`],
    ...["-device", "virtio-blk-pci,drive=cloudinit"],
  ];
}

/** Whether the configuration gives the guest an agent: `1`, `enabled=1,…`. */
function hasAgent(guest: Guest): boolean {
  if (guest.kind !== "qemu" || guest.config.agent === undefined) return false;
  return parseProperties(String(guest.config.agent), "enabled").get("enabled") !== "0";
}
