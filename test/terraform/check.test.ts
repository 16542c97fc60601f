import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { terraformFormat, terraformLint } from "../../tools/check-terraform.ts";
import { root, withPrivateCopy } from "../../tools/private-copy.ts";
import { terraformDocs } from "../../tools/terraform-docs.ts";

const proxmox = join(root, "infrastructure", "proxmox");

test("a file that is not in Terraform's format is named; nothing is left in HOME", async () => {
  const before = await readdir(homedir());
  await withPrivateCopy(proxmox, async (copy) => {
    expect(await terraformFormat(homedir(), copy)).toBe("ok");
    await appendFile(join(copy, "modules/backup/variables.tf"), 'variable "x" {type=string}\n');
    const outcome = JSON.stringify(await terraformFormat(homedir(), copy));
    expect(outcome).toMatch(/modules\/backup\/variables\.tf[\s\S]*mend it with: \w+ fmt -recursive/);
  });
  expect(await readdir(homedir())).toEqual(before);
});

test("TFLint names the file of what it does not take", async () => {
  await withPrivateCopy(proxmox, async (copy) => {
    await appendFile(join(copy, "modules/backup/variables.tf"), 'variable "unused" {}\n');
    const outcome = JSON.stringify(await terraformLint(homedir(), copy));
    expect(outcome).toMatch(/modules\/backup\/variables\.tf:\d+.*terraform_unused_declarations/);
    expect(outcome).toContain("terraform_typed_variables");
  });
});

test("a README that is not current, or not there, is named with the command that renews it", async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  await withPrivateCopy(proxmox, async (copy) => {
    expect(await terraformDocs("renew", copy)).toBe("ok");
    const variables = join(copy, "modules/backup/variables.tf");
    const hcl = await readFile(variables, "utf8");
    await writeFile(variables, hcl.replace('default     = "zstd"', 'default     = "lzo"'));
    await rm(join(copy, "modules/vm/README.md"));
    const outcome = JSON.stringify(await terraformDocs("check", copy));
    expect(outcome).toMatch(/modules\/backup: .*README\.md is out of date/);
    expect(outcome).toContain("modules/vm/README.md has no");
    expect(outcome).toContain("renew it with: node tools/start.mjs tools/terraform-docs.ts");
    expect(outcome).not.toContain("modules/lxc");

    expect(await terraformDocs("renew", copy)).toBe("ok");
    expect(await terraformDocs("check", copy)).toBe("ok");
    expect(await readFile(join(copy, "modules/backup/README.md"), "utf8")).toContain('`"lzo"`');
  });
  vi.restoreAllMocks();
});
