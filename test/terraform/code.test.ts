import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { root, withPrivateCopy } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveTool, type Tool } from "../../tools/programs/index.ts";
import { exampleOutputs } from "./environment-outputs.ts";
import { blocks } from "./hcl-blocks.ts";

const infrastructure = join(root, "infrastructure", "proxmox");

test("the code's identity is the same in a copy with the modules linked", async () => {
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
  });
});

interface Edit {
  file: string;
  /** Environments whose code is another one by it. */
  changes: readonly string[];
}

const environments = ["prod", "lab", "monitoring"];
const modules = "modules";
const edits: readonly Edit[] = [
  { file: `${modules}/vm/main.tf`, changes: environments },
  { file: `${modules}/vm/files/node-exporter.conf`, changes: environments },
  { file: `${modules}/vm/files/deeper/new.conf`, changes: environments },
  { file: `${modules}/lxc/manifest.tf`, changes: environments },
  { file: `${modules}/backup/variables.tf`, changes: environments },
  { file: `${modules}/minio/files/minio.service`, changes: ["monitoring"] },
  { file: `${modules}/monitoring-stack/main.tf`, changes: ["monitoring"] },
  { file: `${modules}/monitoring-stack/config/main.tf`, changes: ["monitoring"] },
  { file: "environments/prod/terraform.tfvars", changes: ["prod"] },
  { file: "environments/lab/more.auto.tfvars", changes: ["lab"] },
  { file: "environments/monitoring/outputs.tf", changes: ["monitoring"] },
];

/** No code. */
const others = [
  // What `deploy` carries, what only people and tests read, and what tools leave behind.
  `${modules}/monitoring-stack/files/prometheus/alerts.yml`,
  `${modules}/monitoring-stack/files/traefik/traefik.yml.tpl`,
  `${modules}/vm/README.md`,
  `${modules}/vm/tests/plan.tftest.hcl`,
  `${modules}/vm/tests/setup/main.tf`,
  `${modules}/vm/.terraform/modules/x.tf`,
  `${modules}/vm/.terraform.lock.hcl`,
  `${modules}/unused/main.tf`,
  "environments/prod/terraform.tfvars.example",
  "environments/prod/tests/environment.tftest.hcl",
  // Where the state is kept.
  "environments/prod/backend.tf",
];

/** The identity of an environment's code: that part of it alone, evaluated beside it, so that no provider is needed. */
async function identity(copy: string, environment: string, tool: Tool): Promise<unknown> {
  const folder = join(copy, "evaluated", environment);
  const directory = join(copy, "environments", environment);
  const [locals = "", outputs = ""] = await Promise.all(
    ["code.tf", "outputs.tf"].map((file) => readFile(join(directory, file), "utf8")),
  );
  const output = blocks("output", outputs).find(({ name }) => name === "code");
  const hcl = `${locals}\noutput "code" {\n${output?.body}}\n`;
  await mkdir(folder, { recursive: true });
  const here = `\nlocals {\n  here = ${JSON.stringify(directory)}\n}\n`;
  await writeFile(join(folder, "main.tf"), hcl.replaceAll("path.module", "local.here") + here);
  const ran = await runChild(tool.path, ["apply", "-auto-approve", "-no-color"], { cwd: folder });
  if (ran.code !== 0) throw new Error(ran.output);
  return JSON.parse(await readFile(join(folder, "terraform.tfstate"), "utf8")).outputs.code.value;
}

async function identities(copy: string, tool: Tool): Promise<unknown[]> {
  return Promise.all(environments.map((environment) => identity(copy, environment, tool)));
}

test("each kind of file changes the code of the environments that it is code of, and of no other", async () => {
  const tool = await resolveTool("any");
  await withPrivateCopy(infrastructure, async (copy) => {
    const edit = async (file: string) => {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await appendFile(join(copy, file), "# an edit\n");
    };
    let before = await identities(copy, tool);
    for (const file of others) await edit(file);
    expect(await identities(copy, tool)).toEqual(before);
    for (const { file, changes } of edits) {
      await edit(file);
      const after = await identities(copy, tool);
      const changed = environments.filter((_, index) => !isDeepStrictEqual(before[index], after[index]));
      expect(changed, file).toEqual(changes);
      before = after;
    }
  });
});

test("a module that is called from now on is code from now on", async () => {
  const tool = await resolveTool("any");
  await withPrivateCopy(infrastructure, async (copy) => {
    await mkdir(join(copy, "modules", "own"));
    const file = join(copy, "modules", "own", "main.tf");
    await writeFile(file, "# one\n");
    const call = 'module "own" { source = "../../modules/own" }\n';
    await writeFile(join(copy, "environments", "lab", "own.tf"), call);
    const before = await identity(copy, "lab", tool);
    await writeFile(file, "# two\n");
    expect(await identity(copy, "lab", tool)).not.toEqual(before);
  });
});

test.each(["code.tf", "nodes.tf"])("%s is the same in every environment", async (file) => {
  const texts = environments.map((name) =>
    readFile(join(infrastructure, "environments", name, file), "utf8"),
  );
  expect(new Set(await Promise.all(texts)).size).toBe(1);
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
