import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { runChild } from "../../tools/programs/child.ts";
import { resolveAllProviders, type Tool, toolEnvironment } from "../../tools/programs/index.ts";

/** Names of the services that monitoring has as in its terraform.tfvars.example. */
export const stackServices = [
  "alertmanager",
  "grafana",
  "loki",
  "node-exporter",
  "prometheus",
  "promtail",
  "pve-exporter",
  "traefik",
  "uptime-kuma",
];

const planned = z.object({
  type: z.literal("test_plan"),
  test_plan: z.object({ output_changes: z.record(z.string(), z.object({ after: z.unknown().optional() })) }),
});

/** A run without assertions, whose plan the tool prints. */
const probe = 'mock_provider "proxmox" {}\n\nrun "example" {\n  command = plan\n}\n';

/**
 * The outputs an environment would have with the values of its terraform.tfvars.example, planned against a
 * mocked provider. Writes into `folder`: hand in a copy. Throws with what the tool said where it fails.
 */
export async function exampleOutputs(folder: string, tool: Tool): Promise<Record<string, unknown>> {
  const { cliConfig } = await resolveAllProviders();
  const home = await mkdtemp(join(tmpdir(), "pve-home-home-"));
  const env = toolEnvironment(cliConfig, home);
  try {
    await writeFile(join(folder, "example.tftest.hcl"), probe);
    const init = await runChild(tool.path, ["init", "-backend=false", "-no-color"], { cwd: folder, env });
    if (init.code !== 0) throw new Error(init.output);
    const args = [
      "test",
      "-json",
      "-verbose",
      "-filter=example.tftest.hcl",
      "-var-file=terraform.tfvars.example",
    ];
    const test = await runChild(tool.path, args, { cwd: folder, env });
    const plan = test.stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => planned.safeParse(JSON.parse(line)))
      .find((message) => message.success);
    if (test.code !== 0 || plan?.data === undefined) throw new Error(test.output);
    const outputs = Object.entries(plan.data.test_plan.output_changes);
    return Object.fromEntries(outputs.map(([name, change]) => [name, change.after]));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
