import { parseProperties } from "../config/property-string.ts";
import { guestName, macOf } from "../guest.ts";
import type { Guest } from "../world.ts";

// Proxmox writes a container's name, address and keys into its files. Here they come with the kernel's command line
// (systemd-network-generator(8), systemd(1)) and as a credential (systemd-tmpfiles(8), `tmpfiles.extra`).

/** Words of the kernel's command line for a container that is a machine: its name and address, no cloud-init. */
export function containerWords(guest: Guest): string[] {
  const net = parseProperties(String(guest.config.net0 ?? ""), "");
  const [address, prefix] = (net.get("ip") ?? "").split("/");
  const card = `ifname=eth0:${(macOf(guest, "net0") ?? "").toLowerCase()}`;
  const ip =
    prefix === undefined
      ? []
      : [card, `ip=${address}::${net.get("gw") ?? ""}:${mask(Number(prefix))}::eth0:none`];
  return ["cloud-init=disabled", `systemd.hostname=${guestName(guest)}`, ...ip];
}

/** Arguments of QEMU that give the container its root's keys and its host key. */
export function containerArguments(guest: Guest): string[] {
  const { hostKey, files } = guest.inside;
  const keys = files["/root/.ssh/authorized_keys"] ?? "";
  const lines = [
    "d /root/.ssh 0700 root root",
    written("/root/.ssh/authorized_keys", "0600", keys),
    written("/etc/ssh/ssh_host_ed25519_key", "0600", hostKey.privateKey),
    written("/etc/ssh/ssh_host_ed25519_key.pub", "0644", `${hostKey.publicKey}\n`),
  ];
  const credential = Buffer.from(`${lines.join("\n")}\n`).toString("base64");
  return ["-smbios", `type=11,value=io.systemd.credential.binary:tmpfiles.extra=${credential}`];
}

function written(path: string, mode: string, content: string): string {
  return `f+~ ${path} ${mode} root root - ${Buffer.from(content).toString("base64")}`;
}

function mask(prefix: number): string {
  const bits = prefix === 0 ? 0 : (2 ** 32 - 2 ** (32 - prefix)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}
