import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtPath, platform } from "./built.ts";
import { registryAnswers } from "./provider-registry.ts";
import { providerTls } from "./provider-tls.ts";
import { resolveProviders } from "./resolve-providers.ts";
import { script, sink, systemPath, temporary } from "./testing.ts";

/** A Terraform whose `init` installs what a registry would give, or fails. */
async function machine(init: string) {
  const dir = await temporary();
  await script(
    `${dir}/bin/terraform`,
    `case $1 in version) echo Terraform v1.11.4 ;; init) echo called >>${dir}/calls; ${init} ;; esac`,
  );
  const stderr = sink();
  // The fake Go is too old, so that a fallback to it is told apart.
  await script(`${dir}/bin/go`, "echo go1.2; echo local");
  const env = { PATH: `${dir}/bin:${systemPath}`, PVE_HOME_CACHE: join(dir, "cache") };
  const calls = () => readFile(`${dir}/calls`, "utf8").catch(() => "");
  return { env, stderr, calls };
}

const installed = `.terraform/providers/registry.terraform.io/hashicorp/tls/4.2.1/${platform()}`;
const install = `grep -q 'version = "= 4.2.1"' main.tf && grep -q direct "$TF_CLI_CONFIG_FILE" &&
  mkdir -p ${installed} && echo official >${installed}/terraform-provider-tls_v4.2.1_x5 && echo licence >${installed}/LICENSE`;

test("where the registry answers, the tool downloads the pinned version; once", async () => {
  const { env, stderr, calls } = await machine(install);
  const o = { env, stderr, probe: async () => true };
  await resolveProviders(["hashicorp/tls"], o);
  expect(await readFile(builtPath(providerTls, env.PVE_HOME_CACHE), "utf8")).toBe("official\n");
  await resolveProviders(["hashicorp/tls"], { ...o, probe: () => Promise.reject(new Error("asked again")) });
  expect(await calls()).toBe("called\n");
});

test("where it does not answer, it is built", async () => {
  const { env, stderr, calls } = await machine(install);
  const probe = async () => false;
  const result = resolveProviders(["hashicorp/tls"], { env, stderr, probe });
  await expect(result).rejects.toMatchObject({ code: "go-too-old" });
  expect(await calls()).toBe("");
});

test("a download that fails is told, and the provider built", async () => {
  const { env, stderr } = await machine("echo no signature; exit 1");
  const probe = async () => true;
  const result = resolveProviders(["hashicorp/tls"], { env, stderr, probe });
  await expect(result).rejects.toMatchObject({ code: "go-too-old" });
  expect(stderr.text()).toContain("no signature");
});

test.each([
  ["a registry", () => Response.json({ "providers.v1": "/v1/providers/" }), true],
  ["a login page", () => new Response("<html>"), false],
  ["an error", () => Response.json({ "providers.v1": "" }, { status: 503 }), false],
])("%s answers: %#", async (_, reply, expected) => {
  expect(await registryAnswers("tofu", 1000, async () => reply())).toBe(expected);
});

test("a registry that says nothing is given up", async () => {
  const silent: typeof fetch = (_, init) =>
    new Promise((__, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
  expect(await registryAnswers("terraform", 1, silent)).toBe(false);
});
