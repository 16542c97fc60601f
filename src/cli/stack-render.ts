import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { loadConfiguration } from "../homelab/configuration.ts";
import { jsonText } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { placeFiles } from "../stack/place.ts";
import { renderStack } from "../stack/render.ts";
import { declaredInventories } from "./inventories.ts";
import type { Io } from "./io.ts";
import type { RenderFlags } from "./stack.ts";
import { stackRun } from "./stack-place.ts";
import { filesText } from "./stack-text.ts";

export async function runRender(io: Io, flags: RenderFlags): Promise<void> {
  const run = stackRun(io, loadConfiguration(io.cwd, flags.config));
  const rendered = await renderStack(run, { inventories: await declaredInventories(io, flags) });
  if (flags.out !== undefined) {
    const folder = resolve(io.cwd, flags.out);
    refuseFilledFolder(folder);
    placeFiles(folder, rendered, []);
  }
  io.out(
    flags.json
      ? jsonText({ schema_version: 1, command: "stack render", ...rendered }, 2)
      : filesText(rendered),
  );
}

/** Files of an earlier rendering would stay, and be read: rules of a service that is switched off. */
function refuseFilledFolder(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new Problem({
    kind: "usage",
    code: "stack-out-filled",
    message: `${folder} is not empty`,
    place: folder,
    hint: "name a folder that is not there yet, for example --out ./stack-files",
  });
}
