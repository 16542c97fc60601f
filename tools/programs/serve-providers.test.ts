import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { builtPath } from "./built.ts";
import { providers } from "./registered.ts";
import { serveProviders } from "./serve-providers.ts";
import { systemPath, temporary } from "./testing.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A cache whose providers are one shell script. */
async function serve(script: string) {
  const dir = await temporary();
  vi.stubEnv("PVE_HOME_CACHE", `${dir}/cache`);
  for (const provider of Object.values(providers)) {
    const path = builtPath(provider, `${dir}/cache`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }
  return serveProviders({ PATH: systemPath, HOME: dir });
}

const announce = `echo 'Provider started.
	TF_REATTACH_PROVIDERS='"'"'{"registry.terraform.io/x/y":{"Protocol":"grpc","Pid":'$$',"Addr":{"String":"'$TMPDIR'/s"}}}'"'"`;

test("each is named under the hosts of both tools, and ends when told", async () => {
  const served = await serve(`${announce}\nexec /bin/sleep 1000`);
  const reattach = JSON.parse(served.env.TF_REATTACH_PROVIDERS ?? "{}");
  expect(Object.keys(reattach).sort()).toEqual([
    "registry.opentofu.org/bpg/proxmox",
    "registry.opentofu.org/hashicorp/tls",
    "registry.terraform.io/bpg/proxmox",
    "registry.terraform.io/hashicorp/tls",
  ]);
  const address = reattach["registry.opentofu.org/bpg/proxmox"];
  expect(address).toMatchObject({ Protocol: "grpc", Addr: { String: expect.stringMatching(/\/s$/) } });
  expect(process.kill(address.Pid, 0)).toBe(true);
  await served.stop();
  expect(() => process.kill(address.Pid, 0)).toThrow("ESRCH");
});

test("without an announcement the tools start their own", async () => {
  const served = await serve("echo 'flag provided but not defined: -debug'; exit 2");
  expect(served.env).toEqual({});
  await served.stop();
});
