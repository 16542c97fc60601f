import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { builtPath } from "./programs/built.ts";
import { providers } from "./programs/registered.ts";
import { script, systemPath, temporary } from "./programs/testing.ts";
import { testTerraform } from "./test-terraform.ts";

const said: string[] = [];

beforeEach(() => {
  said.length = 0;
  for (const stream of ["log", "error"] as const) {
    vi.spyOn(console, stream).mockImplementation((text: string) => void said.push(text));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A machine with the providers and no other tool than the scripts given. */
async function machine(tools: Record<string, string>): Promise<string> {
  const dir = await temporary();
  for (const [name, body] of Object.entries(tools)) await script(join(dir, "bin", name), body);
  for (const provider of Object.values(providers)) {
    await mkdir(dirname(builtPath(provider, `${dir}/cache`)), { recursive: true });
    await writeFile(builtPath(provider, `${dir}/cache`), "");
  }
  vi.stubEnv("PATH", `${dir}/bin:${systemPath}`);
  vi.stubEnv("PVE_HOME_CACHE", `${dir}/cache`);
  for (const folder of ["modules/lxc", "modules/vm"]) {
    await mkdir(join(dir, "code", folder, "tests"), { recursive: true });
    await writeFile(join(dir, "code", folder, "main.tf"), "");
    await writeFile(join(dir, "code", folder, "tests/regression.tftest.hcl"), 'run "v0_1_0_tags" {}\n');
  }
  return join(dir, "code");
}

const tofu = `case $1 in version) echo OpenTofu v1.12.6 ;; test) echo 'Success! 3 passed, 0 failed.' ;; esac`;
const terraform = `case $1 in version) echo Terraform v1.11.4 ;; init) echo 'no backend'; exit 1 ;; esac`;

test("every folder is tested with both tools, and what fails is shown", async () => {
  const code = await machine({ tofu, terraform });
  expect(await testTerraform(code)).toEqual({ passed: 6, failed: 2, skipped: 0 });
  expect(said.filter((line) => line.includes("no backend"))).toHaveLength(2);
  expect(said.slice(-3)).toEqual([
    "tofu 1.12.6        6 passed, 0 failed, 0 skipped",
    "terraform 1.11.4   0 passed, 2 failed, 0 skipped",
    "2 of 2 modules have regression.tftest.hcl",
  ]);
});

test.each([
  ["false", { passed: 6, failed: 0, skipped: 2 }],
  ["true", { passed: 6, failed: 2, skipped: 0 }],
])("a missing tool is never silent, with CI=%s", async (ci, counts) => {
  const code = await machine({ tofu });
  vi.stubEnv("CI", ci);
  expect(await testTerraform(code)).toEqual(counts);
  expect(said.join("\n")).toContain(
    "terraform: 2 folders NOT TESTED: terraform 1.10.0 or newer was not found",
  );
});

test.each([
  [false, { passed: 12, failed: 0, skipped: 0 }],
  [true, { passed: 6, failed: 0, skipped: 0 }],
])("both tools, or the first that is there, and it says so (%j)", async (oneTool, counts) => {
  const code = await machine({ tofu, terraform: tofu.replace("OpenTofu v1.12.6", "Terraform v1.11.4") });
  expect(await testTerraform(code, { oneTool })).toEqual(counts);
  expect(said.includes("terraform: left out; npm run test:terraform runs both")).toBe(oneTool);
});

test("with one tool enough, the second is the one where the first is not there", async () => {
  const code = await machine({ terraform: tofu.replace("OpenTofu v1.12.6", "Terraform v1.11.4") });
  vi.stubEnv("CI", "false");
  expect(await testTerraform(code, { oneTool: true })).toMatchObject({ passed: 6, failed: 0 });
});

test.each(["", "# to be written\n"])(
  "a module without a run in regression.tftest.hcl fails (%j)",
  async (hcl) => {
    const code = await machine({ tofu, terraform: tofu.replace("OpenTofu v1.12.6", "Terraform v1.11.4") });
    await writeFile(join(code, "modules/vm/tests/regression.tftest.hcl"), hcl);
    expect(await testTerraform(code)).toEqual({ passed: 12, failed: 1, skipped: 0 });
    expect(said.join("\n")).toContain("1 of 2 modules have regression.tftest.hcl\n!!! modules/vm has no");
  },
);
