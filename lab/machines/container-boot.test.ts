import { expect, test } from "vitest";
import { newGuest } from "../guest.ts";
import { containerArguments, containerWords } from "./container-boot.ts";

const container = (net0: string) => newGuest(102, "pve1", "lxc", { hostname: "dns", net0 });

test("name and address of a container are words of the kernel's command line", () => {
  const card = "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02";
  expect(containerWords(container(`${card},ip=192.168.1.22/22,gw=192.168.1.1`))).toEqual([
    "cloud-init=disabled",
    "systemd.hostname=dns",
    "ifname=eth0:bc:24:11:00:00:02",
    "ip=192.168.1.22::192.168.1.1:255.255.252.0::eth0:none",
  ]);
  expect(containerWords(container(`${card},ip=dhcp`))).toEqual([
    "cloud-init=disabled",
    "systemd.hostname=dns",
  ]);
});

test("root's keys and the host key come as files of systemd-tmpfiles", () => {
  const guest = container("name=eth0");
  guest.inside.files["/root/.ssh/authorized_keys"] = "ssh-ed25519 AAAA you\n";
  const [, value = ""] = containerArguments(guest);
  const lines = Buffer.from(value.split("tmpfiles.extra=")[1] ?? "", "base64")
    .toString()
    .split("\n");
  const content = (path: string) => {
    const words = lines.find((line) => line.includes(` ${path} `))?.split(" ") ?? [];
    return [words[2], Buffer.from(words.at(-1) ?? "", "base64").toString()];
  };
  expect(content("/root/.ssh/authorized_keys")).toEqual(["0600", "ssh-ed25519 AAAA you\n"]);
  expect(content("/etc/ssh/ssh_host_ed25519_key")).toEqual(["0600", guest.inside.hostKey.privateKey]);
});
