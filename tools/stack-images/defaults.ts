import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { root, withPrivateCopy } from "../private-copy.ts";
import { resolveTool, toolEnvironment } from "../programs/index.ts";
import type { StackImage } from "./index.ts";

const evaluated = z.record(z.string(), z.string());

/** The image that an installation gets, by service: of the module that renders the stack. */
export async function defaultImages(): Promise<Record<string, string>> {
  const tool = await resolveTool("any");
  return withPrivateCopy(join(root, "infrastructure/proxmox/modules"), async (copy) => {
    const expression =
      "jsonencode({ for name, service in local.known_services : name => service.default_image })";
    const { stdout, stderr } = spawnSync(tool.path, ["console"], {
      ...{ cwd: join(copy, "monitoring-stack/config"), env: toolEnvironment("", copy) },
      ...{ input: `${expression}\n`, encoding: "utf8" },
    });
    // A JSON text in HCL's quotes, which are JSON's.
    const text = z.string().safeParse(readJson(stdout));
    if (!text.success) throw new Error(`${tool.kind} console: ${stderr}${stdout}`);
    return evaluated.parse(readJson(text.data));
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is tested, a line for each service: the default, and what stands in its place here. */
export function imageTable(
  defaults: Record<string, string>,
  images: Readonly<Record<string, StackImage>>,
): string {
  return Object.entries(defaults)
    .map(([service, image]) => {
      const tested = images[service];
      if (tested === undefined) return `${service}: default ${image}, not tested: it cannot be built here`;
      const note = tested.note === undefined ? "" : ` (${tested.note})`;
      return `${service}: default ${image}, tested ${tested.image}${note}`;
    })
    .join("\n");
}
