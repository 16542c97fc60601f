import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { codeFolders, root } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import { resolveProgram } from "./programs/index.ts";

const proxmox = join(root, "infrastructure", "proxmox");
const begin = "<!-- BEGIN_TF_DOCS -->";
const renewal = "renew it with: node tools/start.mjs tools/terraform-docs.ts";

/**
 * The generated part of the READMEs, by .terraform-docs.yml of `folder`: every module has one, an environment
 * may. `check` says where one is not current, `renew` writes it.
 */
export async function terraformDocs(what: "check" | "renew", folder = proxmox): Promise<Outcome> {
  const program = await resolveProgram("terraform-docs");
  const home = await mkdtemp(join(tmpdir(), "pve-home-home-"));
  const failures: string[] = [];
  try {
    for (const { path } of await codeFolders(folder)) {
      const generated = await hasDocs(join(folder, path));
      if (!generated && basename(dirname(path)) !== "modules") continue;
      if (!generated && what === "check") {
        failures.push(`${path}/README.md has no ${begin}`);
        continue;
      }
      const args = ["markdown", "table", "--config", join(folder, ".terraform-docs.yml")];
      if (what === "check") args.push("--output-check");
      const env = { ...process.env, HOME: home };
      const { code, output } = await runChild(program.path, [...args, join(folder, path)], { env });
      if (code !== 0) failures.push(`${path}: ${output.trim()}`);
      else if (what === "renew") console.log(`${path}: ${output.trim()}`);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  return outcomeOf(failures.length > 0 && what === "check" ? [...failures, renewal] : failures);
}

async function hasDocs(folder: string): Promise<boolean> {
  const readme = join(folder, "README.md");
  return existsSync(readme) && (await readFile(readme, "utf8")).includes(begin);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outcome = await terraformDocs("renew");
  if (outcome !== "ok" && "failed" in outcome) {
    console.error(outcome.failed);
    process.exitCode = 1;
  }
}
