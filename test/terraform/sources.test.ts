import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { editFile, type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { apply, checkpoint, downloads, expectNoChanges, planned } from "./live.test-helper.ts";

// What guests are made from, with the real provider: downloaded files, images, templates with their disk elsewhere. One
// apply makes a guest from each; the tests look at them, and at what a change of all sources at once comes to.

const image = "https://images.example/debian/latest/debian-13.qcow2";
const own = "https://images.example/noble/noble-server-cloudimg-amd64.img";
const template = "http://templates.example/debian-13-standard_13.1-2_amd64.tar.zst";
const stored = "local:import/debian-12-genericcloud-amd64.qcow2";
const disks = { virtio0: 305, sata1: 306, scsi3: 307 } as const;

interface Sources {
  image?: string;
  template?: string;
  /** The third VM's. */
  own?: string;
  /** Of the clone with its disk on virtio0. */
  started?: boolean;
  /** The last VM's. */
  last?: object;
}

let lab: LabEnvironments;
let restore: () => Promise<void>;

/** VM one and container dns have the modules' defaults; firewall and snippets of the others have no part in this. */
async function declare(sources: Sources = {}): Promise<void> {
  const plain = { firewall_enabled: false, snippets: false };
  const vm = (vm_id: number, settings: object) => ({
    vm_id,
    ipv4: `127.10.0.${vm_id - 270}/8`,
    ...plain,
    ...settings,
  });
  const settings = {
    image_url: sources.image ?? image,
    container_template_url: sources.template ?? template,
    vms: {
      one: { vm_id: 301, ipv4: "127.10.0.31/8" },
      two: vm(302, {}),
      noble: vm(303, { image_url: sources.own ?? own }),
      clone: vm(308, {
        template_vmid: 9001,
        disk_interface: "virtio0",
        started: sources.started ?? false,
        data_disks: [{ size_gb: 5 }, { size_gb: 6 }],
      }),
      last: vm(309, sources.last ?? { template_vmid: 9000 }),
      ...Object.fromEntries(
        Object.entries(disks).map(([disk, vm_id]) => [
          disk,
          vm(vm_id, { image_file_id: stored, disk_interface: disk, data_disks: [{ size_gb: 5 }] }),
        ]),
      ),
    },
    containers: {
      dns: { vm_id: 304, ipv4: "127.10.0.34/8" },
      off: { vm_id: 310, ipv4: "127.10.0.40/8", firewall_enabled: false, started: false },
    },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  await lab.declare("lab", lines.join(""));
  // What the node has already, and every environment of the lab is declared with.
  await editFile(
    join(lab.directory("lab"), "terraform.tfvars"),
    /^(template_vmid|container_template_file_id) .*\n/gm,
    "",
  );
}

const volumes = () => lab.world.storages.local?.volumes ?? {};
const addressOf = (name: string) => `module.vms["${name}"].proxmox_virtual_environment_vm.this`;
const stateOf = (name: string) => lab.run("lab", "state", "show", "-no-color", addressOf(name));

beforeAll(async () => {
  lab = await startLabEnvironments("any");
  const source = lab.world.guests[9000];
  if (source === undefined) throw new Error("the template is not there");
  const { scsi0 = "", ...config } = source.config;
  // Disks on virtio have no ssd in their schema.
  const virtio0 = String(scsi0).replace(",ssd=1", "");
  lab.world.guests[9001] = {
    ...structuredClone(source),
    vmid: 9001,
    config: { ...config, virtio0, boot: "order=virtio0" },
  };
  // What an apply that was cut short has left.
  const volid = "local:import/lab-pve1-image.qcow2";
  volumes()[volid] = { volid, content: "import", format: "qcow2", sizeBytes: 1, ctime: 1 };
  await lab.run("lab", "init", "-input=false");
  await declare();
  await apply(lab, "lab");
  restore = await checkpoint(lab, "lab");
});
afterEach(() => restore());
afterAll(() => lab?.close());

test("files are downloaded once, a file that an apply left behind again; no changes after it", async () => {
  expect(downloads(lab).filter((volid) => volid.includes("/lab-"))).toEqual([
    "local:import/lab-pve1-image.qcow2",
    expect.stringMatching(/^local:import\/lab-pve1-noble-server-cloudimg-amd64-[0-9a-f]{8}\.qcow2$/),
    "local:vztmpl/lab-pve1-template.tar.zst",
  ]);
  const file = volumes()["local:import/lab-pve1-image.qcow2"];
  expect(file?.sizeBytes).toBeGreaterThan(1);
  expect(lab.world.guests[301]?.config.scsi0).toContain("size=20G");

  // Nor where its makers have put another one at the same address.
  if (file) file.sizeBytes += 1_000_000;
  await lab.control.clearRequests();
  await expectNoChanges(lab, "lab");
  const { requests } = await lab.control.requests();
  expect(requests.filter(({ path }) => path.includes("query-url-metadata"))).toEqual([]);
});

test("a file that was removed changes no guest", async () => {
  delete volumes()["local:import/lab-pve1-image.qcow2"];
  const created = ['create proxmox_download_file.this["lab-pve1-image.qcow2"]'];
  expect(await planned(lab, "lab")).toEqual(created);
});

test("a clone of a template with its disk on virtio0, and data disks beside it", () => {
  const clone = lab.world.guests[308];
  expect(clone?.config).toMatchObject({
    virtio0: expect.stringMatching(/size=20G/),
    scsi1: expect.stringMatching(/size=5G/),
    scsi2: expect.stringMatching(/size=6G/),
    boot: "order=virtio0",
  });
  expect(clone?.config).not.toHaveProperty("scsi0");
  expect(clone?.status).toBe("stopped");
});

test.each(Object.entries(disks))("a VM from an image on %s boots from it", (disk, vmid) => {
  expect(lab.world.guests[vmid]?.config).toMatchObject({
    boot: `order=${disk}`,
    [disk]: expect.stringMatching(/size=20G/),
    scsi1: expect.stringMatching(/size=5G/),
  });
});

test("a container that is not to run is made and left off", () => {
  expect(lab.world.guests[310]?.status).toBe("stopped");
});

test("other addresses change no guest; one that is replaced is made from the new source", async () => {
  const other = {
    image: image.replace("13", "14"),
    template: template.replaceAll("13", "14"),
    own: own.replaceAll("noble", "jammy"),
  };
  const started = { ...other, started: true };
  await declare(started);
  expect(await planned(lab, "lab")).toEqual([
    expect.stringMatching(/^create proxmox_download_file\.this\["lab-pve1-jammy-/),
    expect.stringMatching(/^delete proxmox_download_file\.this\["lab-pve1-noble-/),
    'replace proxmox_download_file.this["lab-pve1-image.qcow2"]',
    'replace proxmox_download_file.this["lab-pve1-template.tar.zst"]',
    `update ${addressOf("clone")} started`,
  ]);
  const { 308: stopped, ...before } = structuredClone(lab.world.guests);
  await apply(lab, "lab");
  const { 308: running, ...after } = structuredClone(lab.world.guests);
  expect(after).toEqual(before);
  expect([stopped?.status, running?.status]).toEqual(["stopped", "running"]);
  await expectNoChanges(lab, "lab");

  // A clone that becomes a VM from an image is replaced as well.
  await declare({ ...started, last: { image_file_id: stored } });
  await lab.control.clearRequests();
  await apply(lab, "lab", `-replace=${addressOf("noble")}`);
  const { requests } = await lab.control.requests();
  const made = requests.filter(
    ({ method, path }) => method === "POST" && path === "/api2/json/nodes/pve1/qemu",
  );
  expect(made).toHaveLength(2);
  expect(await stateOf("noble")).toMatch(/import_from\s+= "local:import\/lab-pve1-jammy-/);
  expect(await stateOf("last")).toMatch(
    /import_from\s+= "local:import\/debian-12-genericcloud-amd64\.qcow2"/,
  );
  await expectNoChanges(lab, "lab");
});
