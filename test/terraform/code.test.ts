import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, withPrivateCopy } from "../../tools/private-copy.ts";
import { resolveTool } from "../../tools/programs/index.ts";
import { exampleOutputs } from "./environment-outputs.ts";

const infrastructure = join(root, "infrastructure", "proxmox");

test("the code's identity is the same in a copy with the modules linked, and follows every edit", async () => {
  const tool = await resolveTool("any");
  await withPrivateCopy(infrastructure, async (users) => {
    const theirs = join(users, "environments", "prod");
    await cp(join(theirs, "terraform.tfvars.example"), join(theirs, "terraform.tfvars"));
    const before = (await exampleOutputs(theirs, tool)).code;

    const elsewhere = await mkdtemp(join(tmpdir(), "pve-home-code-"));
    try {
      const ours = join(elsewhere, "environments", "prod");
      await cp(theirs, ours, { recursive: true });
      await symlink(join(users, "modules"), join(elsewhere, "modules"));
      expect((await exampleOutputs(ours, tool)).code).toEqual(before);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }

    // What tools leave behind is not code.
    await mkdir(join(users, "modules", "vm", ".terraform"));
    await writeFile(join(users, "modules", "vm", ".terraform", "x.tf"), "# not code\n");
    await writeFile(join(users, "modules", "vm", ".terraform.lock.hcl"), "# not code\n");
    expect((await exampleOutputs(theirs, tool)).code).toEqual(before);

    // Nor is where the state is kept.
    await writeFile(join(theirs, "backend.tf"), "# pve-home state migrate\n");
    expect((await exampleOutputs(theirs, tool)).code).toEqual(before);

    await appendFile(join(theirs, "terraform.tfvars"), "# an edit\n");
    const edited = (await exampleOutputs(theirs, tool)).code;
    expect(edited).not.toEqual(before);
    await appendFile(join(users, "modules", "lxc", "main.tf"), "# an edit\n");
    expect((await exampleOutputs(theirs, tool)).code).not.toEqual(edited);
  });
});

test("environments with guests differ in their main.tf alone", async () => {
  const [prod, lab] = ["prod", "lab"].map((name) => join(infrastructure, "environments", name));
  const files = (await readdir(prod ?? "")).filter((file) => file.endsWith(".tf"));
  expect((await readdir(lab ?? "")).filter((file) => file.endsWith(".tf"))).toEqual(files);
  for (const file of files.filter((name) => name !== "main.tf")) {
    expect(await readFile(join(lab ?? "", file), "utf8"), file).toBe(
      await readFile(join(prod ?? "", file), "utf8"),
    );
  }
});
