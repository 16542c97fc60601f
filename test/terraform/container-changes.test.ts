import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { apply, expectNoChanges, planned } from "./live.test-helper.ts";

// What the README of module lxc says of a container's changes, and what root@pam alone may set.

const container = (name: string) => `module.containers["${name}"].proxmox_virtual_environment_container.this`;
const srv = { path: "/srv", size: "2G" };
const base = { disk_size_gb: 4, firewall_enabled: false, mount_points: [srv] };

/** What is changed in the tests, each on a container of its own: one plan shows all of them. */
const changes = {
  size: { mount_points: [{ ...srv, size: "3G" }] },
  storage: { mount_points: [{ ...srv, volume: "local" }] },
  more: { mount_points: [srv, { path: "/var/lib/data", size: "1G" }] },
  none: { mount_points: [] },
  place: { mount_points: [{ ...srv, path: "/data", read_only: true, backup: false }] },
  system: { os_type: "ubuntu" },
};
type Name = keyof typeof changes | "dns";
const names: readonly Name[] = ["dns", "size", "storage", "more", "none", "place", "system"];
const vmid = (name: Name) => 203 + names.indexOf(name);

let lab: LabEnvironments;
let restore: () => Promise<void>;

beforeAll(async () => {
  lab = await startLabEnvironments();
  await declare({});
  await lab.run("prod", "init", "-input=false");
  await apply(lab, "prod");
  restore = await lab.snapshot("prod");
});
afterEach(() => restore());
afterAll(() => lab?.close());

function declare(settings: { [name in Name]?: object }, shared: object = {}): Promise<void> {
  const containers = Object.fromEntries(
    names.map((name) => {
      const own = { vm_id: vmid(name), ipv4: `127.10.0.${vmid(name) - 180}/8` };
      return [name, { ...own, ...base, ...settings[name] }];
    }),
  );
  const all = Object.entries({ containers, ...shared });
  return lab.declare("prod", all.map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join(""));
}

const config = (name: Name = "dns") => lab.world.guests[vmid(name)]?.config;

test("mount points: another size, another storage, one more or none replaces the container; os_type changes in place", async () => {
  await declare(changes);
  expect(await planned(lab, "prod")).toEqual([
    `replace ${container("more")}`,
    `replace ${container("none")}`,
    `replace ${container("size")}`,
    `replace ${container("storage")}`,
    `update ${container("place")} mount_point`,
    `update ${container("system")} operating_system`,
  ]);
});

test("mount points: path, read_only and backup change in place, and the volume stays", async () => {
  const before = String(config("place")?.mp0);
  await declare({ place: changes.place });
  await apply(lab, "prod");
  expect(String(config("place")?.mp0).split(",")).toEqual(
    expect.arrayContaining([before.split(",")[0], "mp=/data", "ro=1", "size=2G"]),
  );
  expect(config("place")?.unused0).toBeUndefined();
  await expectNoChanges(lab, "prod");
});

test("a smaller root disk is refused by the provider, and nothing else is changed", async () => {
  await declare({ dns: { disk_size_gb: 3, memory_mb: 300 } });
  await expect(apply(lab, "prod")).rejects.toThrow("new disk size (3G) has to be greater");
  expect(config()?.memory).toBe(512);
});

test("what root@pam alone may set is refused to a token, made for its login, and left alone after", async () => {
  const settings = { keyctl: true, bind_mounts: [{ host_path: "/srv", path: "/media", read_only: true }] };
  await declare({ dns: settings }, { root_login: true });
  await expect(apply(lab, "prod")).rejects.toThrow("HTTP 403");
  await asRoot(async () => {
    await apply(lab, "prod");
    expect(config()).toMatchObject({ features: "keyctl=1,nesting=1", mp1: "/srv,mp=/media,ro=1" });
    await expectNoChanges(lab, "prod");
  });
});

/** Logs the provider in as root@pam with its password, as the README says, while `work` runs. */
async function asRoot(work: () => Promise<void>): Promise<void> {
  const { PROXMOX_VE_API_TOKEN: token = "" } = lab.env;
  delete lab.env.PROXMOX_VE_API_TOKEN;
  lab.env.PROXMOX_VE_USERNAME = "root@pam";
  lab.env.PROXMOX_VE_PASSWORD = lab.world.users["root@pam"]?.password ?? "";
  try {
    await work();
  } finally {
    delete lab.env.PROXMOX_VE_USERNAME;
    delete lab.env.PROXMOX_VE_PASSWORD;
    lab.env.PROXMOX_VE_API_TOKEN = token;
  }
}
