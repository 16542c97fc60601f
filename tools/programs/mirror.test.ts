import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { builtPath, platform } from "./built.ts";
import { ensureMirror } from "./mirror.ts";
import { providerProxmox } from "./provider-proxmox.ts";
import { providerTls } from "./provider-tls.ts";
import { temporary } from "./testing.ts";

const both = [providerProxmox, providerTls];

async function cacheWithProviders(): Promise<string> {
  const cache = await temporary();
  for (const provider of both) {
    await mkdir(dirname(builtPath(provider, cache)), { recursive: true });
    await writeFile(builtPath(provider, cache), provider.source);
  }
  return cache;
}

test("the mirror has each provider for both registries, in the unpacked layout", async () => {
  const { mirror } = await ensureMirror(both, await cacheWithProviders());
  const files = (await readdir(mirror, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(mirror.length + 1));
  const machine = platform();
  expect(files.sort()).toEqual(
    ["registry.opentofu.org", "registry.terraform.io"].flatMap((host) => [
      `${host}/bpg/proxmox/0.111.1/${machine}/terraform-provider-proxmox_v0.111.1`,
      `${host}/hashicorp/tls/4.2.1/${machine}/terraform-provider-tls_v4.2.1`,
    ]),
  );
  expect(await readFile(join(mirror, files[0] ?? ""), "utf8")).toBe("bpg/proxmox");
});

test("different sets of providers are different mirrors, in any order the same", async () => {
  const cache = await cacheWithProviders();
  const { mirror } = await ensureMirror(both, cache);
  expect((await ensureMirror([...both].reverse(), cache)).mirror).toBe(mirror);
  expect((await ensureMirror([providerTls], cache)).mirror).not.toBe(mirror);
});

test("the CLI configuration names the mirror, also after the cache was moved", async () => {
  const cache = await cacheWithProviders();
  const before = await ensureMirror(both, cache);
  expect(await readFile(before.cliConfig, "utf8")).toContain(`"${before.mirror}"`);
  const elsewhere = join(await temporary(), "moved");
  await rename(cache, elsewhere);
  const after = await ensureMirror(both, elsewhere);
  expect(after.mirror.startsWith(elsewhere)).toBe(true);
  expect(await readFile(after.cliConfig, "utf8")).toContain(`"${after.mirror}"`);
});
