import { expect, test } from "vitest";
import { parse } from "yaml";
import { newGuest } from "../guest.ts";
import type { ConfigValue } from "../world.ts";
import { driveContents } from "./cloud-init-data.ts";

const config: Record<string, ConfigValue> = {
  name: "web",
  net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
  ipconfig0: "ip=192.168.1.20/24,gw=192.168.1.1",
  nameserver: "192.168.1.1 9.9.9.9",
  searchdomain: "home.lan",
  ciuser: "ops",
  ciupgrade: 0,
  sshkeys: encodeURIComponent("ssh-ed25519 AAAA one\nssh-ed25519 BBBB two\n"),
};

const contents = (change: Record<string, ConfigValue> = {}, snippets: Record<string, string> = {}) =>
  driveContents(newGuest(101, "pve1", "qemu", { ...config, ...change }), new Map(Object.entries(snippets)));

test("without snippets it is what Proxmox makes of the configuration", () => {
  const drive = contents();
  expect(Object.keys(drive)).toEqual(["user-data", "network-config", "meta-data"]);
  expect(drive["user-data"]).toMatch(/^#cloud-config\n/);
  expect(parse(drive["user-data"] ?? "")).toEqual({
    hostname: "web",
    manage_etc_hosts: true,
    fqdn: "web.home.lan",
    user: "ops",
    ssh_authorized_keys: ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"],
    chpasswd: { expire: false },
    users: ["default"],
  });
  expect(parse(drive["network-config"] ?? "")).toEqual({
    version: 1,
    config: [
      {
        type: "physical",
        name: "eth0",
        mac_address: "bc:24:11:00:00:01",
        subnets: [{ type: "static", address: "192.168.1.20/24", gateway: "192.168.1.1" }],
      },
      { type: "nameserver", address: ["192.168.1.1", "9.9.9.9"], search: ["home.lan"] },
    ],
  });
});

test("a snippet takes the place of its part, and the others are still made", () => {
  const drive = contents({}, { user: "#cloud-config\nhostname: other\n", vendor: "#cloud-config\n" });
  expect(drive["user-data"]).toBe("#cloud-config\nhostname: other\n");
  expect(drive["vendor-data"]).toBe("#cloud-config\n");
  expect(drive["network-config"]).toBe(contents()["network-config"]);
});

test("the instance is another one with other user data or another network, unless the meta data name it", () => {
  const id = (drive: Record<string, string>) => drive["meta-data"];
  expect(id(contents())).toMatch(/^instance-id: [0-9a-f]{40}\n$/);
  expect(id(contents({ ciuser: "other" }))).not.toBe(id(contents()));
  expect(id(contents({ ipconfig0: "ip=192.168.1.21/24" }))).not.toBe(id(contents()));
  expect(id(contents({ memory: "4096" }))).toBe(id(contents()));
  expect(id(contents({ ciuser: "other" }, { meta: "instance-id: mine\n" }))).toBe("instance-id: mine\n");
});

test("addresses by DHCP and of IPv6", () => {
  const subnets = (ipconfig0: string) =>
    parse(contents({ ipconfig0 })["network-config"] ?? "").config[0].subnets;
  expect(subnets("ip=dhcp")).toEqual([{ type: "dhcp4" }]);
  expect(subnets("ip=10.0.0.2/8,ip6=fd00::2/64,gw6=fd00::1")).toEqual([
    { type: "static", address: "10.0.0.2/8" },
    { type: "static6", address: "fd00::2/64", gateway: "fd00::1" },
  ]);
  expect(subnets("ip6=auto")).toEqual([{ type: "ipv6_slaac" }]);
});
