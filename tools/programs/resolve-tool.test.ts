import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { builtPath } from "./built.ts";
import { opentofu } from "./opentofu.ts";
import { findTool, resolveTool } from "./resolve-tool.ts";
import { script, sink, systemPath, temporary } from "./testing.ts";

async function machine() {
  const dir = await temporary();
  const stderr = sink();
  const env = { PATH: `${dir}/first:${dir}/second:${systemPath}`, PVE_HOME_CACHE: join(dir, "cache") };
  return { dir, stderr, o: { env, stderr } };
}

async function cachedTofu(cache: string): Promise<string> {
  const path = builtPath(opentofu, cache);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
  return path;
}

test("any takes OpenTofu before Terraform, both from PATH", async () => {
  const { dir, o } = await machine();
  await script(`${dir}/first/terraform`, "echo Terraform v1.11.4");
  await script(`${dir}/second/tofu`, "echo OpenTofu v1.10.0");
  expect(await resolveTool("any", o)).toEqual({
    kind: "tofu",
    version: "1.10.0",
    path: `${dir}/second/tofu`,
  });
  expect(await resolveTool("terraform", o)).toMatchObject({ path: `${dir}/first/terraform` });
});

test("any takes Terraform from PATH before building OpenTofu", async () => {
  const { dir, o } = await machine();
  await script(`${dir}/first/terraform`, "echo Terraform v1.11.4");
  expect(await resolveTool("any", o)).toMatchObject({ kind: "terraform", version: "1.11.4" });
});

test("an old one is passed over, and named", async () => {
  const { dir, o, stderr } = await machine();
  await script(`${dir}/first/terraform`, "echo Terraform v1.9.8");
  await script(`${dir}/second/terraform`, "echo Terraform v1.10.5");
  expect(await resolveTool("terraform", o)).toMatchObject({ path: `${dir}/second/terraform` });
  expect(stderr.text()).toContain(`${dir}/first/terraform is 1.9.8, older than 1.10.0`);
});

test("a version manager without a version, and a tool under the other's name, are passed over", async () => {
  const { dir, o } = await machine();
  await script(`${dir}/first/terraform`, "echo no version set >&2; exit 126");
  await script(`${dir}/second/terraform`, "echo OpenTofu v1.12.6");
  await expect(resolveTool("terraform", o)).rejects.toMatchObject({ code: "tool-missing" });
});

test("a broken CLI configuration of the user does not hide a tool", async () => {
  const { dir, o } = await machine();
  await script(`${dir}/first/terraform`, '[ -z "$TF_CLI_CONFIG_FILE" ] && echo Terraform v1.11.4');
  const env = { ...o.env, TF_CLI_CONFIG_FILE: "/missing" };
  expect(await resolveTool("terraform", { ...o, env })).toMatchObject({ version: "1.11.4" });
});

test("without one on PATH, OpenTofu comes from the cache", async () => {
  const { o } = await machine();
  expect(await findTool("tofu", o)).toBeUndefined();
  const path = await cachedTofu(o.env.PVE_HOME_CACHE);
  const tool = { kind: "tofu", path, version: opentofu.version };
  expect(await resolveTool("any", o)).toEqual(tool);
  expect(await findTool("tofu", o)).toEqual(tool);
});

test("with neither a tool nor Go, the error says how to get one", async () => {
  const { o } = await machine();
  const env = { ...o.env, PATH: "" };
  await expect(resolveTool("any", { ...o, env })).rejects.toMatchObject({
    code: "go-missing",
    message: expect.stringContaining(`OpenTofu ${opentofu.version}`),
    hint: expect.stringMatching(/Install Go 1\.\d+.* or newer .* or install OpenTofu or Terraform 1\.10/),
  });
});
