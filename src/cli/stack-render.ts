import { resolve } from "node:path";
import { loadConfiguration } from "../homelab/configuration.ts";
import { jsonText } from "../model/json.ts";
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
  if (flags.out !== undefined) placeFiles(resolve(io.cwd, flags.out), rendered, []);
  io.out(
    flags.json
      ? jsonText({ schema_version: 1, command: "stack render", ...rendered }, 2)
      : filesText(rendered),
  );
}
