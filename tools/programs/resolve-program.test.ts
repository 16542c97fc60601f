import { expect, test } from "vitest";
import { resolveProgram } from "./resolve-program.ts";
import { script, sink, systemPath, temporary } from "./testing.ts";

async function withPromtool(line: string) {
  const dir = await temporary();
  await script(`${dir}/promtool`, `echo '${line}'`);
  const stderr = sink();
  return { dir, stderr, env: { PATH: `${dir}:${systemPath}`, PVE_HOME_CACHE: `${dir}/cache` } };
}

test("a new enough one on PATH is used", async () => {
  const { dir, ...o } = await withPromtool("promtool, version 3.15.2 (branch: HEAD)");
  expect(await resolveProgram("promtool", o)).toEqual({
    name: "promtool",
    version: "3.15.2",
    path: `${dir}/promtool`,
  });
});

test("an old one is named, and another built", async () => {
  const { dir, ...o } = await withPromtool("promtool, version 2.53.0 (branch: HEAD)");
  await script(`${dir}/go`, "exit 1");
  await expect(resolveProgram("promtool", o)).rejects.toMatchObject({ code: "go-missing" });
  expect(o.stderr.text()).toContain("promtool is 2.53.0, older than 3.15.0: not used");
});

test("where the version matters, a newer one on PATH is not used either", async () => {
  const { dir, ...o } = await withPromtool("");
  await script(`${dir}/terraform-docs`, "echo 'terraform-docs version v0.21.0 linux/amd64'");
  await script(`${dir}/go`, "exit 1");
  await expect(resolveProgram("terraform-docs", o)).rejects.toMatchObject({ code: "go-missing" });
  expect(o.stderr.text()).toContain("terraform-docs is 0.21.0, not 0.20.0: not used");
  await script(`${dir}/terraform-docs`, "echo 'terraform-docs version v0.20.0 linux/amd64'");
  expect(await resolveProgram("terraform-docs", o)).toMatchObject({ path: `${dir}/terraform-docs` });
});
