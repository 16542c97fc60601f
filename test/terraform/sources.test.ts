import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { editFile, type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { apply, checkpoint, downloads, expectNoChanges, planned } from "./live.test-helper.ts";

// What guests are made from, with the real provider: downloaded files, images, templates with their disk elsewhere.

let lab: LabEnvironments;
let restore: () => Promise<void>;

beforeAll(async () => {
  lab = await startLabEnvironments("any");
  await lab.run("lab", "init", "-input=false");
  restore = await checkpoint(lab, "lab");
});
afterEach(() => restore());
afterAll(() => lab?.close());

const image = "https://images.example/debian/latest/debian-13.qcow2";
const own = "https://images.example/noble/noble-server-cloudimg-amd64.img";
const template = "http://templates.example/debian-13-standard_13.1-2_amd64.tar.zst";

/** Two VMs and a container from the environment's own files, a third VM from another image. */
async function declareDownloads(
  urls: { image?: string; own?: string; template?: string } = {},
): Promise<void> {
  const settings = {
    image_url: urls.image ?? image,
    container_template_url: urls.template ?? template,
    vms: {
      one: { vm_id: 301, ipv4: "127.10.0.30/8" },
      two: { vm_id: 302, ipv4: "127.10.0.31/8" },
      noble: { vm_id: 303, ipv4: "127.10.0.32/8", image_url: urls.own ?? own },
    },
    containers: { dns: { vm_id: 304, ipv4: "127.10.0.33/8" } },
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

test("files are downloaded once; another address changes no guest that is made from the environment's own", async () => {
  await declareDownloads();
  await apply(lab, "lab");
  const files = downloads(lab).filter((volid) => volid.includes("/lab-"));
  expect(files).toEqual([
    "local:import/lab-pve1-image.qcow2",
    expect.stringMatching(/^local:import\/lab-pve1-noble-server-cloudimg-amd64-[0-9a-f]{8}\.qcow2$/),
    "local:vztmpl/lab-pve1-template.tar.zst",
  ]);
  await expectNoChanges(lab, "lab");

  await declareDownloads({ image: image.replace("13", "14"), template: template.replaceAll("13", "14") });
  const replaced = [
    'replace proxmox_download_file.this["lab-pve1-image.qcow2"]',
    'replace proxmox_download_file.this["lab-pve1-template.tar.zst"]',
  ];
  expect(await planned(lab, "lab")).toEqual(replaced);
  const before = structuredClone(lab.world.guests);
  await apply(lab, "lab");
  expect(lab.world.guests).toEqual(before);
  await expectNoChanges(lab, "lab");
});

test("another image at the same address, or a file that was removed, changes no guest", async () => {
  await declareDownloads();
  await apply(lab, "lab");
  const volumes = lab.world.storages.local?.volumes ?? {};
  const file = volumes["local:import/lab-pve1-image.qcow2"];
  if (file === undefined) throw new Error("the image is not there");
  file.sizeBytes += 1_000_000;
  await lab.control.clearRequests();
  await expectNoChanges(lab, "lab");
  const { requests } = await lab.control.requests();
  expect(requests.filter(({ path }) => path.includes("query-url-metadata"))).toEqual([]);

  delete volumes["local:import/lab-pve1-image.qcow2"];
  const created = ['create proxmox_download_file.this["lab-pve1-image.qcow2"]'];
  expect(await planned(lab, "lab")).toEqual(created);
});

test("a file that an apply left behind is downloaded again", async () => {
  await declareDownloads();
  const volid = "local:import/lab-pve1-image.qcow2";
  const { local } = lab.world.storages;
  if (local) local.volumes[volid] = { volid, content: "import", format: "qcow2", sizeBytes: 1, ctime: 1 };
  await apply(lab, "lab");
  expect(local?.volumes[volid]?.sizeBytes).toBeGreaterThan(1);
  expect(lab.world.guests[301]?.config.scsi0).toContain("size=20G");
});

test("another image of a VM's own leaves its disk as it is", async () => {
  await declareDownloads();
  await apply(lab, "lab");
  const before = structuredClone(lab.world.guests[303]);
  await declareDownloads({ own: own.replaceAll("noble", "jammy") });
  expect(await planned(lab, "lab")).toEqual([
    expect.stringMatching(/^create proxmox_download_file\.this\["lab-pve1-jammy-/),
    expect.stringMatching(/^delete proxmox_download_file\.this\["lab-pve1-noble-/),
  ]);
  await apply(lab, "lab");
  expect(lab.world.guests[303]?.config).toEqual(before?.config);
  expect(lab.world.guests[303]?.bootedAt).toBe(before?.bootedAt);
  await expectNoChanges(lab, "lab");

  // A VM that is replaced is made from the new one.
  const vm = 'module.vms["noble"].proxmox_virtual_environment_vm.this';
  await apply(lab, "lab", `-replace=${vm}`);
  const state = await lab.run("lab", "state", "show", "-no-color", vm);
  expect(state).toMatch(/import_from\s+= "local:import\/lab-pve1-jammy-/);
  await expectNoChanges(lab, "lab");
});

test("a clone of a template with its disk on virtio0, and data disks beside it", async () => {
  const source = lab.world.guests[9000];
  if (source === undefined) throw new Error("the template is not there");
  const { scsi0 = "", ...config } = source.config;
  // Disks on virtio have no ssd in their schema.
  source.config = { ...config, virtio0: String(scsi0).replace(",ssd=1", ""), boot: "order=virtio0" };
  const declared = (started: boolean) => `vms = { web = {
    vm_id = 301, ipv4 = "127.10.0.30/8", disk_interface = "virtio0", started = ${started}
    data_disks = [{ size_gb = 5 }, { size_gb = 6 }]
  } }\n`;
  await lab.declare("lab", declared(false));
  await apply(lab, "lab");
  const web = () => lab.world.guests[301];
  expect(web()?.config).toMatchObject({
    virtio0: expect.stringMatching(/size=20G/),
    scsi1: expect.stringMatching(/size=5G/),
    scsi2: expect.stringMatching(/size=6G/),
    boot: "order=virtio0",
  });
  expect(web()?.config).not.toHaveProperty("scsi0");
  expect(web()?.status).toBe("stopped");
  await expectNoChanges(lab, "lab");

  await lab.declare("lab", declared(true));
  expect(await planned(lab, "lab")).toEqual([
    'update module.vms["web"].proxmox_virtual_environment_vm.this started',
  ]);
  await apply(lab, "lab");
  expect(web()?.status).toBe("running");
  await expectNoChanges(lab, "lab");
});

test.each(["virtio0", "sata1", "scsi3"])("a VM from an image on %s boots from it", async (disk) => {
  const own = `image_file_id = "local:import/debian-12-genericcloud-amd64.qcow2"`;
  await lab.declare(
    "lab",
    `vms = { web = { vm_id = 301, ${own}, disk_interface = "${disk}", data_disks = [{ size_gb = 5 }] } }\n`,
  );
  await apply(lab, "lab");
  expect(lab.world.guests[301]?.config).toMatchObject({
    boot: `order=${disk}`,
    [disk]: expect.stringMatching(/size=20G/),
    scsi1: expect.stringMatching(/size=5G/),
  });
  await expectNoChanges(lab, "lab");
});

test("a clone that becomes a VM from an image is replaced, and has the image's disk", async () => {
  const declare = (source: string) => lab.declare("lab", `vms = { web = { vm_id = 301, ${source} } }\n`);
  await declare("template_vmid = 9000");
  await apply(lab, "lab");
  await declare('image_file_id = "local:import/debian-12-genericcloud-amd64.qcow2"');
  await lab.control.clearRequests();
  await apply(lab, "lab");
  const { requests } = await lab.control.requests();
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toContain(
    "POST /api2/json/nodes/pve1/qemu",
  );
  const state = await lab.run(
    "lab",
    "state",
    "show",
    "-no-color",
    'module.vms["web"].proxmox_virtual_environment_vm.this',
  );
  expect(state).toMatch(/import_from\s+= "local:import\/debian-12-genericcloud-amd64\.qcow2"/);
  await expectNoChanges(lab, "lab");
});

test("a container that is not to run is made and left off", async () => {
  await lab.declare(
    "lab",
    'containers = { dns = { vm_id = 304, ipv4 = "127.10.0.33/8", started = false } }\n',
  );
  await apply(lab, "lab");
  expect(lab.world.guests[304]?.status).toBe("stopped");
  await expectNoChanges(lab, "lab");
});
