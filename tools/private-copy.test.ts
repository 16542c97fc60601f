import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { codeFolders, withPrivateCopy } from "./private-copy.ts";
import { temporary } from "./programs/testing.ts";

async function tree(...files: string[]): Promise<string> {
  const dir = await temporary();
  for (const file of files) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), "");
  }
  return dir;
}

test("folders of code are found, with or without tests, but no downloads and test helpers", async () => {
  const dir = await tree(
    "modules/vm/main.tf",
    "modules/vm/tests/validation.tftest.hcl",
    "modules/vm/tests/setup/main.tf",
    "modules/stack/main.tf",
    "modules/stack/config/main.tf",
    "modules/stack/config/tests/a.tftest.hcl",
    "environments/prod/main.tf",
    "environments/prod/.terraform/modules/x/main.tf",
  );
  expect(await codeFolders(dir)).toEqual([
    { path: "environments/prod", tested: false },
    { path: "modules/stack", tested: false },
    { path: "modules/stack/config", tested: true },
    { path: "modules/vm", tested: true },
  ]);
  expect(await codeFolders(join(dir, "missing"))).toEqual([]);
});

test("a copy has the code and nothing of the user's, and is gone afterwards", async () => {
  const dir = await tree(
    "prod/main.tf",
    "prod/terraform.tfvars",
    "prod/terraform.tfvars.example",
    "prod/terraform.tfstate",
    "prod/terraform.tfstate.backup",
    "prod/.terraform.lock.hcl",
    "prod/.terraform/x",
  );
  const copy = await withPrivateCopy(dir, async (copy) => {
    const files = [
      "main.tf",
      "terraform.tfvars",
      "terraform.tfvars.example",
      "terraform.tfstate",
      ".terraform",
    ];
    expect(files.filter((file) => existsSync(join(copy, "prod", file)))).toEqual([
      "main.tf",
      "terraform.tfvars.example",
    ]);
    return copy;
  });
  expect(existsSync(copy)).toBe(false);
});
