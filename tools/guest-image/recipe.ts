import { createHash } from "node:crypto";

/**
 * Where machines look for packages, and the lab that boots them serves those of the image. Link-local (RFC 3927), so that
 * it is in no network that an environment declares; a machine reaches it through its gateway, the lab's bridge.
 */
const packagesUrl = "http://169.254.80.6:3142/";

/** Debian 12: its kernel runs in QEMU's emulation too. That of Debian 13 (6.12) does not, in QEMU 7.2. */
const suite = "bookworm";
const archive = "http://deb.debian.org/debian";
const securityArchive = "http://deb.debian.org/debian-security";

/** What a Debian cloud image has, and what our modules install, so that few packages are left to a machine's first boot. */
const packages = [
  ...["systemd-sysv", "dbus", "udev", "netplan.io", "iproute2", "iputils-ping", "initramfs-tools", "zstd"],
  ...["linux-image-cloud-amd64", "cloud-init", "openssh-server", "sudo", "python3-minimal", "locales"],
  ...["qemu-guest-agent", "prometheus-node-exporter", "unattended-upgrades", "ca-certificates", "curl"],
  ...["docker.io", "iptables"],
] as const;

/** Not in the image: for machines to install from the lab's apt mirror. */
const mirrored = ["tree"] as const;

/** Files of the image, by path. */
const files = {
  "etc/apt/sources.list": `deb [trusted=yes] ${packagesUrl} ./\n`,
  "etc/apt/apt.conf.d/90pve-home": 'Acquire::Languages "none";\nAPT::Install-Recommends "false";\n',
  "etc/cloud/cloud.cfg.d/90-pve-home.cfg": [
    "datasource_list: [NoCloud, None]",
    "apt: { preserve_sources_list: true }",
    "locale: C.UTF-8",
    // RSA and DSA keys take an emulated processor half a minute.
    "ssh_genkeytypes: [ed25519, ecdsa]",
    "",
  ].join("\n"),
  "etc/fstab": "LABEL=root / ext4 defaults 0 1\n",
  "etc/machine-id": "",
} as const;

/**
 * Units that Debian leaves disabled: a container that is a machine has its address from the kernel's command line, and
 * no cloud-init.
 */
const units = ["systemd-networkd.service", "systemd-network-generator.service"] as const;

/** What the kernel needs until the root disk is there: an initrd of a few MB, which emulation unpacks quickly. */
const earlyModules = ["ext4", "crc32c_generic", "virtio_pci", "virtio_blk", "virtio_scsi", "sd_mod"] as const;

export const recipe = {
  /** Raised with every change of build.ts that makes another image. */
  steps: 1,
  ...{ packagesUrl, suite, archive, securityArchive, packages, mirrored, files, units, earlyModules },
  /** Of the disk inside, in GiB: as large as the lab says that its cloud image is. */
  diskGibibytes: 3,
} as const;

/** The name of the image in the cache: another recipe, or another Docker Compose, is another image. */
export function imageKey(compose: string): string {
  const hash = createHash("sha256").update(JSON.stringify([recipe, compose]));
  return `debian-${recipe.suite}-${hash.digest("hex").slice(0, 12)}`;
}
