import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveTool, toolEnvironment } from "../../tools/programs/index.ts";

const published = z.object({ documented: z.int(), port: z.int(), address: z.string(), open: z.boolean() });

const renderedSchema = z.object({
  files: z.record(
    z.string(),
    z.object({ content: z.string(), mode: z.string(), reload: z.string().nullable() }),
  ),
  directories: z.record(z.string(), z.object({ mode: z.string(), owner: z.string() })),
  secrets: z.record(z.string(), z.object({ path: z.string(), services: z.array(z.string()) })),
  certificates: z.object({ cert: z.string(), key: z.string(), names: z.array(z.string()) }).nullable(),
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      container: z.boolean(),
      container_port: z.int().nullable(),
      host_name: z.string().nullable(),
      routed: z.boolean(),
      job: z.string().nullable(),
      published: z.array(published),
    }),
  ),
  service_urls: z.record(z.string(), z.string()),
  ports: z.record(z.string(), z.string()),
  service_entries: z.array(
    z.object({ name: z.string(), url: z.string(), host: z.string().nullable(), monitor: z.boolean() }),
  ),
});

export type RenderedStack = z.infer<typeof renderedSchema>;
export type StackVariables = Readonly<Record<string, string | number | boolean | object>>;

/**
 * What module monitoring-stack/config renders with each of these sets of variables, by their names. One run of
 * Terraform without provider and network.
 */
export async function renderStacks(
  sets: Readonly<Record<string, StackVariables>>,
): Promise<Record<string, RenderedStack>> {
  const tool = await resolveTool("any");
  const folder = await mkdtemp(join(tmpdir(), "pve-home-stacks-"));
  try {
    const env = toolEnvironment("", folder);
    const run = async (...args: string[]) => {
      const { code, output, stdout } = await runChild(tool.path, args, { cwd: folder, env });
      if (code !== 0) throw new Error(output);
      return stdout;
    };
    // A module at an absolute path would be copied without its neighbours, whose files it reads.
    await symlink(join(root, "infrastructure", "proxmox", "modules"), join(folder, "modules"));
    const calls = Object.entries(sets).map(([name, variables]) => [
      name,
      { source: "./modules/monitoring-stack/config", ...variables },
    ]);
    const outputs = Object.keys(sets).map((name) => [name, { value: `\${module.${name}}` }]);
    const json = { module: Object.fromEntries(calls), output: Object.fromEntries(outputs) };
    await writeFile(join(folder, "main.tf.json"), JSON.stringify(json));
    await run("init", "-no-color");
    await run("apply", "-auto-approve", "-no-color");
    const printed = z.record(z.string(), z.object({ value: renderedSchema }));
    const stacks = printed.parse(JSON.parse(await run("output", "-json")));
    return Object.fromEntries(Object.entries(stacks).map(([name, { value }]) => [name, value]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
