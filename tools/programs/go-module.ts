import { z } from "zod";
import type { GoProgram } from "./program.ts";

const downloaded = z.object({ Dir: z.string(), GoMod: z.string() });

const moduleVersion = z.object({ Path: z.string(), Version: z.string().optional() });
const goMod = z.object({
  Replace: z.array(z.object({ Old: moduleVersion, New: moduleVersion })).nullish(),
  Exclude: z.array(z.object({ Path: z.string(), Version: z.string() })).nullish(),
});

/** Where `go mod download -json` put a module; the argument is its output. */
export function parseDownload(json: string): { readonly dir: string; readonly goMod: string } {
  const reply = downloaded.parse(JSON.parse(json));
  return { dir: reply.Dir, goMod: reply.GoMod };
}

/** The go.mod of our own that builds a program; `programGoMod` is `go mod edit -json` of the program's. */
export function renderGoMod(program: GoProgram, programGoMod: string): string {
  const theirs = goMod.parse(JSON.parse(programGoMod));
  const at = (m: { Path: string; Version?: string | undefined }): string =>
    m.Version === undefined ? m.Path : `${m.Path} ${m.Version}`;
  return [
    `module ${program.name}.build.pve-home`,
    `go ${program.go}`,
    `require ${program.module} ${program.moduleVersion}`,
    `tool ${program.package}`,
    // Go ignores these lines in a dependency. A replacement by a folder has no version and means nothing here.
    ...(theirs.Replace ?? [])
      .filter((r) => r.New.Version !== undefined)
      .map((r) => `replace ${at(r.Old)} => ${at(r.New)}`),
    ...(theirs.Exclude ?? []).map((x) => `exclude ${at(x)}`),
    "",
  ].join("\n");
}

/** The go.sum lines of the program itself, which its own go.sum cannot contain. */
export function pinnedSums(program: GoProgram): string {
  const { module, moduleVersion: version } = program;
  return `${module} ${version} ${program.sum}\n${module} ${version}/go.mod ${program.goModSum}\n`;
}
