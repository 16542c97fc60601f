import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { formatOf, listVolumes } from "../../storage-folder.ts";
import type { Storage, Volume } from "../../world.ts";
import { failure, parameterError } from "../errors.ts";
import { startTask } from "../guests.ts";
import { allowed, type Call, type Route, requirePrivileges } from "../route.ts";
import { storageOnNode } from "./storage.ts";
import { fileOf } from "./storage-content.ts";

const base = "nodes/{node}/storage/{storage}";
const uploadable = ["iso", "vztmpl", "import"] as const;
type Uploadable = (typeof uploadable)[number];

/** Files that come over HTTP, or that the node fetches. Source: PVE::API2::Storage::Status. */
export const storageUploadRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${base}/upload`,
    permission: { at: "/storage/{storage}", all: ["Datastore.AllocateTemplate"] },
    handle: upload,
  },
  {
    method: "POST",
    path: `${base}/download-url`,
    permission: { at: "/storage/{storage}", all: ["Datastore.AllocateTemplate"] },
    handle: download,
  },
  {
    method: "GET",
    path: "nodes/{node}/query-url-metadata",
    permission: "user",
    handle(call) {
      requireNetwork(call);
      const url = call.input.required("url");
      return { filename: nameOf(url), size: sizeOf(url), mimetype: "application/octet-stream" };
    },
  },
];

function upload(call: Call): string {
  const storage = storageOnNode(call);
  const content = contentOf(call, storage);
  const file = call.input.file;
  if (!file) throw parameterError({ filename: "property is missing and it is not optional" });
  const volume = newVolume(call, storage, content, file.name, file.bytes.length);
  const virtualBytes = imageBytes(file.bytes);
  if (virtualBytes !== undefined) volume.virtualBytes = virtualBytes;
  return startTask(call, "imgcopy", "", {
    async run() {
      const target = fileOf(call, volume);
      if (target === undefined) throw new Error("storage has no files");
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, file.bytes);
      storage.volumes[volume.volid] = volume;
    },
  });
}

async function download(call: Call): Promise<string> {
  requireNetwork(call);
  const storage = storageOnNode(call);
  const content = contentOf(call, storage);
  const url = call.input.required("url");
  const name = call.input.required("filename");
  const volume = newVolume(call, storage, content, name, sizeOf(url));
  if (content === "import") volume.virtualBytes = volume.sizeBytes;
  const present = await listVolumes(storage, call.lab.storageDirectory(storage.storage));
  if (present.some(({ volid }) => volid === volume.volid)) {
    throw failure(`refusing to override existing file '${name}'`);
  }
  return startTask(call, "download", name, {
    run(log) {
      log(`downloading ${url}`);
      storage.volumes[volume.volid] = volume;
    },
  });
}

function requireNetwork(call: Call): void {
  if (allowed(call, "/", ["Sys.Audit", "Sys.Modify"])) return;
  requirePrivileges(call, `/nodes/${call.path.node}`, ["Sys.AccessNetwork"]);
}

function contentOf(call: Call, storage: Storage): Uploadable {
  const sent = call.input.required("content");
  const content = uploadable.find((name) => name === sent);
  if (!content) throw parameterError({ content: `value '${sent}' does not have a value in the enumeration` });
  if (!storage.content.split(",").includes(content)) {
    throw failure(`storage '${storage.storage}' is not configured for content-type '${content}'`);
  }
  return content;
}

function newVolume(
  call: Call,
  storage: Storage,
  content: Uploadable,
  name: string,
  sizeBytes: number,
): Volume {
  if (!/^[^/\\]+$/.test(name) || name.startsWith(".")) throw parameterError({ filename: "invalid filename" });
  return {
    volid: `${storage.storage}:${content}/${name}`,
    content,
    format: formatOf(content, name),
    sizeBytes,
    ctime: Math.floor(call.lab.now() / 1000),
  };
}

function nameOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
}

// The lab never goes to the internet: a download has no bytes, and a size that follows from its URL alone.
function sizeOf(url: string): number {
  const digest = createHash("sha256").update(url).digest();
  return 64 * 1024 ** 2 + (digest.readUInt32BE() % (512 * 1024 ** 2));
}

// The disk inside a qcow2 image: eight bytes at offset 24 of its header.
function imageBytes(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isQcow2 = buffer.length >= 32 && buffer.readUInt32BE(0) === 0x51_46_49_fb;
  return isQcow2 ? Number(buffer.readBigUInt64BE(24)) : undefined;
}
