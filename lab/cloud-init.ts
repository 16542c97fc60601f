import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { z } from "zod";
import { parseProperties } from "./config/property-string.ts";
import type { LabCore } from "./core.ts";
import { generateHostKey } from "./host-key.ts";
import { toStored } from "./ssh/files/tree.ts";
import { contentFolders, splitVolid } from "./volumes.ts";
import type { Guest } from "./world.ts";

const keys = z.array(z.string());
const userData = z.object({
  user: z.union([z.string(), z.object({ name: z.string().optional() })]).optional(),
  ssh_authorized_keys: keys.optional(),
  users: z
    .array(z.union([z.string(), z.object({ name: z.string(), ssh_authorized_keys: keys.optional() })]))
    .optional(),
  write_files: z
    .array(
      z.object({
        path: z.string(),
        content: z.string().default(""),
        encoding: z.string().default(""),
        permissions: z.union([z.string(), z.number()]).optional(),
      }),
    )
    .optional(),
});

/** Where cloud-init remembers which instance it has set up. */
const instanceFile = "/var/lib/cloud/data/instance-id";

/**
 * What cloud-init does at a boot with user data of one's own (`cicustom`), once per instance id: authorized keys,
 * `write_files`, and for every further instance new host keys (`cc_ssh`, `ssh_deletekeys`); packages and commands are
 * not run. The instance id is the one of the meta data, else a hash of user data and network, as Proxmox makes it.
 * @throws Error `volume '…' does not exist` where a file is missing: then the VM does not start.
 */
export async function runCloudInit(lab: LabCore, guest: Guest): Promise<void> {
  if (guest.kind !== "qemu") return;
  const sources = await readSnippets(lab, guest);
  const user = sources.get("user");
  if (user === undefined) return;
  const instance =
    /^["']?instance-id["']?:\s*["']?([^"'\s]+)/m.exec(sources.get("meta") ?? "")?.[1] ??
    createHash("sha1").update(user).update(networkOf(guest)).digest("hex");
  const before = guest.inside.files[instanceFile];
  if (before === `${instance}\n`) return;
  if (before !== undefined) guest.inside.hostKey = generateHostKey();
  const parsed = userData.safeParse(parse(user));
  guest.inside.files[instanceFile] = `${instance}\n`;
  if (parsed.success) setUp(guest, parsed.data);
}

/** What the network configuration of cloud-init follows from. */
function networkOf({ config }: Guest): string {
  const keys = Object.keys(config).filter((key) =>
    /^(ipconfig\d+|net\d+|nameserver|searchdomain)$/.test(key),
  );
  return keys
    .sort()
    .map((key) => `${key}=${config[key]}\n`)
    .join("");
}

/**
 * The snippets of `cicustom` by their part: `user`, `meta`, `network`, `vendor`.
 * @throws Error `volume '…' does not exist`
 */
export async function readSnippets(
  lab: Pick<LabCore, "storageDirectory">,
  guest: Guest,
): Promise<Map<string, string>> {
  const snippets = new Map<string, string>();
  for (const [part, volid] of parseProperties(String(guest.config.cicustom ?? ""), "user")) {
    snippets.set(part, await readSnippet(lab, volid));
  }
  return snippets;
}

async function readSnippet(lab: Pick<LabCore, "storageDirectory">, volid: string): Promise<string> {
  const { storage, name } = splitVolid(volid);
  const missing = () => new Error(`volume '${volid}' does not exist`);
  const file = /^snippets\/([^/.][^/]*)$/.exec(name)?.[1];
  if (file === undefined) throw missing();
  const path = join(lab.storageDirectory(storage), contentFolders.snippets, file);
  return readFile(path, "utf8").catch(() => {
    throw missing();
  });
}

function setUp(guest: Guest, data: z.infer<typeof userData>): void {
  const { inside } = guest;
  // A list of users without `default` leaves the image's own user out, unless `user` names another one instead; top
  // keys are that one's (cloudinit/distros/ug_util.py, cc_ssh.py).
  const named = typeof data.user === "object" ? data.user.name : data.user;
  const image = data.users === undefined || data.users.includes("default");
  const standard = named ?? (image ? String(guest.config.ciuser ?? "debian") : undefined);
  const authorize = (user: string, authorized: readonly string[]) => {
    const home = user === "root" ? "/root" : `/home/${user}`;
    inside.files[`${home}/.ssh/authorized_keys`] = `${authorized.join("\n")}\n`;
  };
  if (data.ssh_authorized_keys && standard !== undefined) authorize(standard, data.ssh_authorized_keys);
  for (const user of data.users ?? []) {
    if (typeof user === "object" && user.ssh_authorized_keys) authorize(user.name, user.ssh_authorized_keys);
  }
  for (const { path, content, encoding, permissions } of data.write_files ?? []) {
    inside.files[path] = toStored(decode(content, encoding));
    if (permissions === undefined) continue;
    inside.modes = { ...inside.modes, [path]: Number.parseInt(String(permissions), 8) };
  }
}

function decode(content: string, encoding: string): Buffer {
  const bytes = /b(ase)?64/.test(encoding) ? Buffer.from(content, "base64") : Buffer.from(content);
  return /gz/.test(encoding) ? gunzipSync(bytes) : bytes;
}
