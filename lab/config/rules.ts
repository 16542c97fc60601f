import type { GuestKind } from "../world.ts";
import type { ParameterRule } from "./parameter.ts";

const text: ParameterRule = { type: "string" };
const boolean: ParameterRule = { type: "boolean" };
const name: ParameterRule = { type: "string", format: "dns-name" };
const integer = (minimum?: number, maximum?: number): ParameterRule => ({
  type: "integer",
  ...(minimum !== undefined && { minimum }),
  ...(maximum !== undefined && { maximum }),
});
const number = (minimum: number, maximum?: number): ParameterRule => ({
  ...integer(minimum, maximum),
  type: "number",
});
const oneOf = (...values: string[]): ParameterRule => ({ type: "string", values });
const all = (names: string, rule: ParameterRule) =>
  Object.fromEntries(names.split(" ").map((key) => [key, rule]));

type Rules = Readonly<Record<string, ParameterRule>>;

/** Keys with a number at their end: how many of each there may be. */
type Numbered = Readonly<Record<string, number>>;

interface KindRules {
  named: Rules;
  numbered: Numbered;
  /** What the calls take besides: when a guest is created, changed, cloned. */
  calls: Readonly<Record<GuestCall, Rules>>;
}

export type GuestCall = "create" | "change" | "clone";

// Source: $confdesc, $confdesc_cloudinit and the disk limits of PVE::QemuServer; create_vm, update_vm_api and
// clone_vm of PVE::API2::Qemu.
const machine: KindRules = {
  named: {
    ...all("acpi allow-ksm autostart ciupgrade freeze keephugepages kvm localtime numa onboot", boolean),
    ...all("protection reboot tablet tdf template", boolean),
    ...all("affinity agent amd-sev args audio0 boot bootdisk cdrom cicustom cipassword ciuser cpu", text),
    ...all(
      "efidisk0 hookscript hotplug intel-tdx ivshmem keyboard lock machine meta nameserver ostype",
      text,
    ),
    ...all("parent rng0 running-nets-host-mtu runningcpu runningmachine scsihw searchdomain smbios1", text),
    ...all("spice_enhancements sshkeys startdate startup tags tpmstate0 vga vmgenid vmstate", text),
    ...all("vmstatestorage watchdog", text),
    ...all("cores smp sockets vcpus", integer(1)),
    ...all("balloon migrate_speed snaptime", integer(0)),
    arch: oneOf("x86_64", "aarch64"),
    bios: oneOf("seabios", "ovmf"),
    citype: oneOf("configdrive2", "nocloud", "opennebula"),
    cpulimit: number(0, 128),
    cpuunits: integer(1, 262_144),
    description: { type: "string", maxLength: 8192 },
    hugepages: oneOf("any", "2", "1024"),
    memory: { type: "string", parts: { bare: "current", rules: { current: integer(16) } } },
    migrate_downtime: number(0),
    name,
    shares: integer(0, 50_000),
  },
  numbered: {
    ...{ hostpci: 16, ide: 4, ipconfig: 32, net: 32, numa: 8, parallel: 3, sata: 6, scsi: 31, serial: 4 },
    ...{ unused: 256, usb: 14, virtio: 16, virtiofs: 10 },
  },
  calls: {
    create: {
      ...all("force ha-managed live-restore start unique", boolean),
      ...all("archive import-working-storage pool storage", text),
      bwlimit: integer(0),
    },
    change: {
      ...all("force skiplock", boolean),
      ...all("delete digest import-working-storage revert", text),
      background_delay: integer(1, 30),
    },
    clone: {
      ...all("format newid pool snapname storage target", text),
      bwlimit: integer(0),
      description: text,
      full: boolean,
      name,
    },
  },
};

// Source: $confdesc of PVE::LXC::Config; create_vm and clone_vm of PVE::API2::LXC, update_vm of PVE::API2::LXC::Config.
const container: KindRules = {
  named: {
    ...all("console debug onboot protection template unprivileged", boolean),
    ...all("entrypoint env features hookscript lock nameserver ostype parent rootfs searchdomain", text),
    ...all("startup tags timezone", text),
    arch: oneOf("amd64", "i386", "arm64", "armhf", "riscv32", "riscv64"),
    cmode: oneOf("shell", "console", "tty"),
    cores: integer(1, 8192),
    cpulimit: number(0, 8192),
    cpuunits: integer(0, 500_000),
    description: { type: "string", maxLength: 8192 },
    hostname: { ...name, maxLength: 255 },
    memory: integer(16),
    snaptime: integer(0),
    swap: integer(0),
    tty: integer(0, 6),
  },
  numbered: { dev: 256, mp: 256, net: 32, unused: 256 },
  calls: {
    create: {
      ...all("force ha-managed ignore-unpack-errors restore start unique", boolean),
      ...all("ostemplate password pool ssh-public-keys storage", text),
      bwlimit: number(0),
    },
    change: all("delete digest revert", text),
    clone: {
      ...all("newid pool snapname storage target", text),
      bwlimit: number(0),
      description: text,
      full: boolean,
      hostname: name,
    },
  },
};

const rules: Readonly<Record<GuestKind, KindRules>> = { qemu: machine, lxc: container };

/** The rule of a configuration key; undefined where Proxmox knows no such key. */
export function configRule(kind: GuestKind, key: string): ParameterRule | undefined {
  const { named, numbered } = rules[kind];
  if (Object.hasOwn(named, key)) return named[key];
  const [, stem = "", digits = ""] = /^([a-z]+)(0|[1-9]\d*)$/.exec(key) ?? [];
  return Object.hasOwn(numbered, stem) && Number(digits) < (numbered[stem] ?? 0) ? text : undefined;
}

/** The rule of a parameter of a call, its path included; undefined where the call takes no such parameter. */
export function callRule(kind: GuestKind, call: GuestCall, key: string): ParameterRule | undefined {
  if (key === "node" || key === "vmid") return text;
  const own = rules[kind].calls[call];
  if (Object.hasOwn(own, key)) return own[key];
  return call === "clone" ? undefined : configRule(kind, key);
}
