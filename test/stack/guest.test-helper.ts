import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { root } from "../../tools/private-copy.ts";
import { resolveAllProviders, resolveTool, toolEnvironment } from "../../tools/programs/index.ts";

const manifestFiles = z.record(z.string(), z.object({ content: z.string() }));

/**
 * The files that module vm puts into a guest with these variables, by path: as `tofu console` evaluates them, without a
 * Proxmox. Throws where a variable is refused: everything is unknown then.
 */
export async function guestFiles(variables: object): Promise<Record<string, string>> {
  const tool = await resolveTool("tofu");
  const { cliConfig } = await resolveAllProviders();
  const folder = mkdtempSync(join(tmpdir(), "guest-"));
  cpSync(join(root, "infrastructure/proxmox/modules/vm"), folder, { recursive: true });
  writeFileSync(join(folder, "guest.auto.tfvars.json"), JSON.stringify(variables));
  const run = (args: string[], input = "") => {
    const done = spawnSync(tool.path, args, {
      cwd: folder,
      env: toolEnvironment(cliConfig, folder),
      input,
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`${args[0]}: ${done.stderr}${done.stdout}`);
    return done.stdout;
  };
  run(["init", "-backend=false", "-no-color"]);
  const said = run(["console"], "jsonencode(local.files)\n");
  // Warnings come before it: that nothing is installed without snippets, for one.
  const value = said.trim().split("\n").at(-1) ?? "";
  if (!value.startsWith('"')) throw new Error(`the variables are refused:\n${said}`);
  const files = manifestFiles.parse(JSON.parse(JSON.parse(value)));
  return Object.fromEntries(Object.entries(files).map(([path, { content }]) => [path, content]));
}

/** Writes the files below a folder of a guest into a folder of this machine. */
export async function placeGuestFiles(
  files: Record<string, string>,
  below: string,
  folder: string,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (!path.startsWith(`${below}/`)) continue;
    const file = join(folder, path.slice(below.length + 1));
    await mkdir(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
