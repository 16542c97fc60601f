import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runChild } from "../tools/programs/child.ts";
import { findTool, resolveAllProviders, resolveTool, toolEnvironment } from "../tools/programs/index.ts";

test("OpenTofu, and Terraform where it is installed, take the pinned providers from the mirror", async () => {
  const { cliConfig } = await resolveAllProviders();
  const tools = [await resolveTool("tofu"), await findTool("terraform")];
  for (const tool of tools.filter((found) => found !== undefined)) {
    const dir = await mkdtemp(join(tmpdir(), "pve-home-programs-"));
    try {
      const env = toolEnvironment(cliConfig, dir);
      const run = (...args: string[]) => runChild(tool.path, args, { cwd: dir, env });
      await writeFile(
        join(dir, "main.tf"),
        `terraform {
  required_providers {
    proxmox = { source = "bpg/proxmox", version = "0.111.1" }
    tls     = { source = "hashicorp/tls", version = "4.2.1" }
  }
}
resource "tls_private_key" "key" {
  algorithm = "ED25519"
}
resource "proxmox_virtual_environment_pool" "pool" {
  pool_id = "p"
}
`,
      );
      const init = await run("init", "-no-color");
      expect(init).toMatchObject({ code: 0 });
      expect(await run("validate", "-no-color")).toMatchObject({ code: 0 });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }
});
