import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { runChild } from "../../tools/programs/child.ts";
import {
  resolveAllProviders,
  resolveProgram,
  resolveTool,
  toolEnvironment,
} from "../../tools/programs/index.ts";
import { type GuestHomelab, openGuestHomelab } from "./guest-homelab.test-helper.ts";

// A container of modules/minio as a machine: its files and units on a real systemd.

const manifestSchema = z.object({
  files: z.record(z.string(), z.object({ content: z.string(), mode: z.string() })),
  units: z.array(z.string()),
  probe: z.string(),
});

let home: GuestHomelab;
let manifest: z.infer<typeof manifestSchema>;

const vmid = 252;
const address = "192.168.1.52";
const ssh = (script: string) => home.ssh(`root@${address}`, script);

beforeAll(async () => {
  home = await openGuestHomelab("");
  manifest = await applyModule();
});
afterAll(() => home?.close());

test("minio.service of the module starts, as its own user, and serves", async () => {
  await deliver();
  await ssh("systemctl daemon-reload; systemctl start minio.service");
  expect(await ssh(`systemctl is-active ${manifest.units.join(" ")}`)).toBe(
    manifest.units.map(() => "active\n").join(""),
  );
  expect(await ssh("ps -o user= -C minio")).toBe("minio\n");
  expect((await fetch(manifest.probe)).status).toBe(200);
  expect(await ssh("hostname")).toBe("minio\n");
});

/** Makes the container, and waits until it can be logged in to. */
async function applyModule(): Promise<z.infer<typeof manifestSchema>> {
  const { desk, lab } = home;
  const key = readFileSync(desk.path("key.pub"), "utf8").trim();
  desk.write(
    "minio/main.tf",
    `terraform {
  required_providers {
    proxmox = { source = "bpg/proxmox" }
  }
}
module "minio" {
  source           = "../infrastructure/proxmox/modules/minio"
  node_name        = "pve1"
  container_id     = ${vmid}
  template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  os_type          = "debian"
  ipv4             = "${address}/24"
  gateway          = "192.168.1.1"
  ssh_keys         = ["${key}"]
  memory_mb        = 1024
}
output "manifest" {
  value = module.minio.manifest
}
`,
  );
  const tool = await resolveTool("any");
  const { cliConfig } = await resolveAllProviders();
  const env = {
    ...toolEnvironment(cliConfig, desk.path("home")),
    PROXMOX_VE_ENDPOINT: lab.facts.endpoint,
    PROXMOX_VE_API_TOKEN: lab.facts.tokens.terraform,
    SSL_CERT_FILE: lab.facts.caFile,
  };
  const run = async (...args: string[]) => {
    const { code, stdout, output } = await runChild(tool.path, args, { cwd: desk.path("minio"), env });
    expect(code, output).toBe(0);
    return stdout;
  };
  await run("init", "-input=false");
  await run("apply", "-auto-approve", "-input=false");
  // As its node tells it.
  desk.write("state/known_hosts", `${address} ${lab.world.guests[vmid]?.inside.hostKey.publicKey}\n`);
  const answers = () =>
    ssh("systemctl is-system-running --wait || true").then(
      () => true,
      () => false,
    );
  // Until the time of the hook is up.
  while (!(await answers())) await sleep(2000);
  return manifestSchema.parse(JSON.parse(await run("output", "-json", "manifest")));
}

/** What `deploy` will do: the manifest's files, the program, and credentials. */
async function deliver(): Promise<void> {
  const { desk } = home;
  const credentials = "MINIO_ROOT_USER=admin\nMINIO_ROOT_PASSWORD=guest-test-3f81\n";
  const files = { ...manifest.files, "/etc/minio/credentials.env": { content: credentials, mode: "0600" } };
  for (const [path, { content, mode }] of Object.entries(files)) {
    chmodSync(desk.write(`root${path}`, content), Number.parseInt(mode, 8));
  }
  const { path: program } = await resolveProgram("minio");
  mkdirSync(desk.path("root/usr/local/bin"), { recursive: true });
  copyFileSync(program, desk.path("root/usr/local/bin/minio"));
  const tree = `tar --create --directory ${desk.path("root")} --owner root --group root .`;
  const unpack = `${home.sshCommand(`root@${address}`)} tar --extract --no-overwrite-dir --directory /`;
  const { code, output } = await runChild("sh", ["-c", `${tree} | ${unpack}`]);
  expect(code, output).toBe(0);
}
