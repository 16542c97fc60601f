import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { TerraformRun, Workspace } from "./types.ts";
import { prepare } from "./workspace.ts";

/** A folder `infrastructure/environments/prod` with the given files, in a new temporary folder. */
export function makeEnvironment(files: Record<string, string>): TerraformRun {
  const root = mkdtempSync(join(tmpdir(), "tf-env-"));
  const directory = join(root, "infrastructure", "environments", "prod");
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { directory, tool: "terraform", environment: {} };
}

/** A stand-in for the tool: a shell script that is version 1.11.4 and does `body` for everything else. */
export function fakeTool(body: string, version = "1.11.4"): { program: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "fake-tf-"));
  const program = join(folder, "terraform");
  const answer = JSON.stringify({ terraform_version: version });
  const script = `#!/bin/sh\nhere=${folder}\necho "$*" >>$here/log\n[ "$1" = version ] && { echo '${answer}'; exit; }\n${body}\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  return { program, folder };
}

/** A private copy that is gone when the test ends. */
export async function prepared(run: TerraformRun): Promise<Workspace> {
  const workspace = await prepare(run);
  onTestFinished(() => workspace.dispose());
  return workspace;
}
