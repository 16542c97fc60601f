import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
let folder: string;
beforeAll(async () => {
  api = await apiUnderTest();
  folder = join(api.lab.facts.directory, "storage", "local");
});
afterAll(() => api.close());

const content = "nodes/pve1/storage/local/content";
const volids = async (type: string) =>
  (await api.call("GET", content, { content: type })).data.map((row: { volid: string }) => row.volid);

async function upload(name: string, bytes: Buffer, type: string) {
  const form = new FormData();
  form.set("content", type);
  form.set("filename", new File([new Uint8Array(bytes)], name));
  const request = new Request("http://localhost", { method: "POST", body: form });
  const headers = {
    Authorization: `PVEAPIToken=${api.lab.facts.tokens.terraform}`,
    "Content-Type": request.headers.get("content-type") ?? "",
  };
  const body = Buffer.from(await request.arrayBuffer());
  return api.raw("POST", "nodes/pve1/storage/local/upload", headers, body);
}

test("definitions and state", async () => {
  expect((await api.call("GET", "storage/local")).data).toMatchObject({ type: "dir", path: "/var/lib/vz" });
  const { data } = await api.call("GET", "nodes/pve1/storage/local-lvm/status");
  expect(data).toMatchObject({ active: 1, enabled: 1, shared: 0, type: "lvmthin" });
  expect(data.used + data.avail).toBe(data.total);
  expect((await api.call("GET", "nodes/pve1/storage", { content: "backup" })).data).toHaveLength(1);
  expect((await api.call("GET", "nodes/pve1/storage/nosuch/status")).reason).toBe(
    "storage 'nosuch' does not exist",
  );
});

test("a file that was put into the folder is listed", async () => {
  await mkdir(join(folder, "snippets"), { recursive: true });
  await writeFile(join(folder, "snippets", "user.yaml"), "#cloud-config\n");
  const { data } = await api.call("GET", content, { content: "snippets" });
  expect(data).toMatchObject([{ volid: "local:snippets/user.yaml", format: "snippet", size: 14 }]);
  const one = await api.call("GET", `${content}/local:snippets%2Fuser.yaml`);
  expect(one.data).toMatchObject({ path: "/var/lib/vz/snippets/user.yaml", size: 14 });
  expect(await api.task("DELETE", `${content}/local:snippets/user.yaml`)).toBe("OK");
  expect(await volids("snippets")).toEqual([]);
});

test("removing a file does not take along the one that is put there next", async () => {
  const file = join(folder, "snippets", "again.yaml");
  await writeFile(file, "one\n");
  const removed = api.task("DELETE", `${content}/local:snippets/again.yaml`);
  await expect.poll(() => volids("snippets"), { interval: 1 }).toEqual([]);
  await writeFile(file, "two\n");
  expect(await removed).toBe("OK");
  expect(await readFile(file, "utf8")).toBe("two\n");
  await rm(file);
});

test("an upload lands in the folder; an image's inner size is read from it", async () => {
  const image = Buffer.alloc(512);
  image.writeUInt32BE(0x51_46_49_fb);
  image.writeBigUInt64BE(5n * 1024n ** 3n, 24);
  const { data } = await upload("disk.qcow2", image, "import");
  expect(data).toMatch(/^UPID:.*:imgcopy::/);
  await expect.poll(() => volids("import")).toContain("local:import/disk.qcow2");
  expect((await readFile(join(folder, "import", "disk.qcow2"))).equals(image)).toBe(true);
  const status = await api.task("POST", "nodes/pve1/qemu", {
    vmid: 400,
    scsi0: "file=local-lvm:0,import-from=local:import/disk.qcow2",
  });
  expect(status).toBe("OK");
  expect(api.lab.world.guests["400"]?.config.scsi0).toContain("size=5G");
});

test("uploads: nothing outside the folder, no foreign content", async () => {
  for (const name of ["..%2Fescape.iso", "a/../../b.iso", ".hidden.iso"]) {
    expect((await upload(name, Buffer.from("x"), "iso")).status, name).toBe(400);
  }
  expect(await upload("a.yaml", Buffer.from("x"), "snippets")).toMatchObject({ status: 400 });
});

test("a download has the size its metadata promised, and is refused twice", async () => {
  const url = "https://example.org/images/debian.iso";
  const metadata = await api.call("GET", "nodes/pve1/query-url-metadata", { url });
  expect(metadata.data.filename).toBe("debian.iso");
  const parameters = { url, content: "iso", filename: "debian.iso" };
  expect(await api.task("POST", "nodes/pve1/storage/local/download-url", parameters)).toBe("OK");
  const { data } = await api.call("GET", content, { content: "iso" });
  const row = data.find((one: { volid: string }) => one.volid === "local:iso/debian.iso");
  expect(row.size).toBe(metadata.data.size);
  expect(await api.task("POST", download, parameters)).toBe(
    "refusing to override existing file '/var/lib/vz/template/iso/debian.iso'",
  );
});

const download = "nodes/pve1/storage/local/download-url";

test.each([
  { content: "import", filename: "noble.img", said: "invalid filename or wrong extension" },
  { content: "import", filename: "debian.qcow2.xz", said: "invalid filename or wrong extension" },
  { content: "vztmpl", filename: "debian.zip", said: "wrong file extension" },
  { content: "iso", filename: "debian.qcow2", said: "wrong file extension" },
])("a download of $filename as $content is refused by its name", async ({ content, filename, said }) => {
  const url = `https://example.org/${filename}`;
  const answer = await api.call("POST", download, { url, content, filename });
  expect(answer).toMatchObject({ status: 400, body: { errors: { filename: said } } });
});

test("the name of a download is normalized; the image in it can be imported", async () => {
  const parameters = {
    url: "https://example.org/noble.img",
    content: "import",
    filename: "a dir/no ble.qcow2",
  };
  expect(await api.task("POST", download, parameters)).toBe("OK");
  const image = "local:import/no_ble.qcow2";
  expect(await volids("import")).toContain(image);
  const drive = `file=local-lvm:0,import-from=${image}`;
  expect(await api.task("POST", "nodes/pve1/qemu", { vmid: 401, virtio0: drive })).toBe("OK");
  expect(api.lab.world.guests["401"]?.config.virtio0).toMatch(/size=[234]G/);
});

test("a checksum of a download needs its algorithm, one that Proxmox knows, and the other way round", async () => {
  const errors = async (parameters: Record<string, string>) => {
    const file = { url: "https://example.org/sum.iso", content: "iso", filename: "sum.iso" };
    return (await api.call("POST", download, { ...file, ...parameters })).body.errors;
  };
  expect(await errors({ checksum: "00" })).toEqual({
    "checksum-algorithm": "missing property - 'checksum' requires this property",
  });
  expect(await errors({ "checksum-algorithm": "sha256" })).toEqual({
    checksum: "missing property - 'checksum-algorithm' requires this property",
  });
  expect(await errors({ checksum: "00", "checksum-algorithm": "crc32" })).toHaveProperty(
    "checksum-algorithm",
  );
  expect(await errors({ url: "ftp://example.org/sum.iso" })).toHaveProperty("url");
});

test("a download goes to a storage of files alone, and only of a content type that it allows", async () => {
  const parameters = { url: "https://example.org/a.qcow2", content: "import", filename: "a.qcow2" };
  const lvm = await api.call("POST", "nodes/pve1/storage/local-lvm/download-url", parameters);
  expect(lvm.reason).toBe("can't upload to storage type 'lvmthin', not a file based storage!");
  const { local } = api.lab.world.storages;
  if (local) local.content = "iso,vztmpl,backup";
  const refused = await api.call("POST", download, parameters);
  if (local) local.content = "iso,vztmpl,import,snippets,backup";
  expect(refused.reason).toBe("storage 'local' is not configured for content-type 'import'");
});

test("compression is for ISO images: another download with it fails in its task", async () => {
  const parameters = { url: "https://example.org/b.qcow2.gz", content: "import", filename: "b.qcow2" };
  const status = await api.task("POST", download, { ...parameters, compression: "gz" });
  expect(status).toBe("decompression not supported for import");
});

test("a download needs the storage, and the network by the old privileges or the new one", async () => {
  const file = { url: "https://example.org/c.iso", content: "iso" };
  const status = async (privileges: Parameters<typeof api.as>[0], filename: string) =>
    (await api.as(privileges)("POST", download, { ...file, filename })).status;
  const storage: Parameters<typeof api.as>[0] = { "/storage/local": ["Datastore.AllocateTemplate"] };
  expect(await status(storage, "c1.iso")).toBe(403);
  expect(await status({ "/": ["Sys.Audit", "Sys.Modify"] }, "c2.iso")).toBe(403);
  expect(await status({ ...storage, "/": ["Sys.Modify"] }, "c3.iso")).toBe(403);
  expect(await status({ ...storage, "/": ["Sys.Audit", "Sys.Modify"] }, "c4.iso")).toBe(200);
  expect(await status({ ...storage, "/nodes/pve1": ["Sys.AccessNetwork"] }, "c5.iso")).toBe(200);
});

test("an auditor sees templates, and neither disks nor backups", async () => {
  const auditor = api.as({ "/": ["Datastore.Audit", "VM.Audit"] });
  const types = async (storage: string) =>
    (await auditor("GET", `nodes/pve1/storage/${storage}/content`)).data.map(
      (row: { content: string }) => row.content,
    );
  expect(new Set(await types("local"))).toContain("vztmpl");
  expect(await types("local-lvm")).toEqual([]);
});

test("a protected volume stays", async () => {
  const storage = api.lab.world.storages.local;
  const volid = "local:backup/vzdump-qemu-9000-2026_01_01-00_00_00.vma.zst";
  if (storage) {
    storage.volumes[volid] = {
      volid,
      content: "backup",
      format: "vma.zst",
      sizeBytes: 1,
      ctime: 1,
      vmid: 9000,
    };
  }
  await api.call("PUT", `${content}/${volid}`, { protected: 1, notes: "keep" });
  const { data } = await api.call("GET", content, { content: "backup", vmid: 9000 });
  expect(data).toMatchObject([{ volid, protected: 1, notes: "keep", subtype: "qemu" }]);
  expect((await api.call("DELETE", `${content}/${volid}`)).reason).toContain("protected");
});
