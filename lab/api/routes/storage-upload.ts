import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { gibibyte } from "../../config/size.ts";
import { formatOf, listVolumes } from "../../storage-folder.ts";
import { hasFiles, volumePath } from "../../volumes.ts";
import type { Storage, Volume } from "../../world.ts";
import { barePermissionError, failure, parameterError } from "../errors.ts";
import { startTask } from "../guests.ts";
import { allowed, type Call, type Route } from "../route.ts";
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
      const url = urlOf(call);
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
  const url = urlOf(call);
  requireChecksumPair(call);
  if (!hasFiles(storage)) {
    throw failure(`can't upload to storage type '${storage.type}', not a file based storage!`);
  }
  const content = contentOf(call, storage);
  const name = normalized(call.input.required("filename"));
  const volume = newVolume(call, storage, content, name, sizeOf(url));
  if (content === "import") volume.virtualBytes = imageBytesOf(url);
  const present = await listVolumes(storage, call.lab.storageDirectory(storage.storage));
  const path = volumePath(storage, volume.volid);
  return startTask(call, "download", name, {
    run(log) {
      if (call.input.text("compression") !== undefined && content !== "iso") {
        throw new Error(`decompression not supported for ${content}`);
      }
      log(`downloading ${url} to ${path}`);
      // PVE::Tools::download_file_from_url: it is the task that fails.
      if (storage.volumes[volume.volid] || present.some(({ volid }) => volid === volume.volid)) {
        throw new Error(`refusing to override existing file '${path}'`);
      }
      storage.volumes[volume.volid] = volume;
    },
  });
}

function urlOf(call: Call): string {
  const url = call.input.required("url");
  if (!/^https?:\/\/./.test(url)) throw parameterError({ url: "value does not match the regex pattern" });
  return url;
}

const algorithms = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

// Each of the two needs the other. A download of the lab has no bytes: the digits are not compared.
function requireChecksumPair(call: Call): void {
  const algorithm = call.input.text("checksum-algorithm");
  const checksum = call.input.text("checksum");
  if (algorithm !== undefined && !algorithms.includes(algorithm)) {
    const text = `value '${algorithm}' does not have a value in the enumeration '${algorithms.join(", ")}'`;
    throw parameterError({ "checksum-algorithm": text });
  }
  const missing = (name: string, other: string) =>
    parameterError({ [name]: `missing property - '${other}' requires this property` });
  if (checksum !== undefined && algorithm === undefined) throw missing("checksum-algorithm", "checksum");
  if (algorithm !== undefined && checksum === undefined) throw missing("checksum", "checksum-algorithm");
}

/** PVE::Storage::normalize_content_filename. */
const normalized = (name: string) => name.replace(/^.*[/\\]/s, "").replace(/[^a-zA-Z0-9_.-]/g, "_");

function requireNetwork(call: Call): void {
  if (allowed(call, "/", ["Sys.Audit", "Sys.Modify"])) return;
  if (!allowed(call, `/nodes/${call.path.node}`, ["Sys.AccessNetwork"])) throw barePermissionError();
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
  if (!extensions[content].test(name)) {
    const text = content === "import" ? "invalid filename or wrong extension" : "wrong file extension";
    throw parameterError({ filename: text });
  }
  return {
    volid: `${storage.storage}:${content}/${name}`,
    content,
    format: formatOf(content, name),
    sizeBytes,
    ctime: Math.floor(call.lab.now() / 1000),
  };
}

/** ISO_EXT_RE_0, VZTMPL_EXT_RE_1, UPLOAD_IMPORT_EXT_RE_1 of PVE::Storage. An image to import is never an .img. */
const extensions: Record<Uploadable, RegExp> = {
  iso: /\.(iso|img)$/i,
  vztmpl: /\.tar\.(gz|xz|zst|bz2)$/i,
  import: /^[a-zA-Z0-9\-.+=_]+\.(ova|qcow2|raw|vmdk)$/,
};

function nameOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
}

// The lab never goes to the internet: a download has no bytes, and a size that follows from its URL alone.
function sizeOf(url: string): number {
  const digest = createHash("sha256").update(url).digest();
  return 64 * 1024 ** 2 + (digest.readUInt32BE() % (512 * 1024 ** 2));
}

// Cloud images hold disks of 2 to 4 GiB.
function imageBytesOf(url: string): number {
  return (2 + (sizeOf(url) % 3)) * gibibyte;
}

// The disk inside a qcow2 image: eight bytes at offset 24 of its header.
function imageBytes(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isQcow2 = buffer.length >= 32 && buffer.readUInt32BE(0) === 0x51_46_49_fb;
  return isQcow2 ? Number(buffer.readBigUInt64BE(24)) : undefined;
}
