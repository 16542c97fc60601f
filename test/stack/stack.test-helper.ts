import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveTool } from "../../tools/programs/index.ts";
import { stackImages } from "../../tools/stack-images/index.ts";
import { type Desk, openDesk, type Ran } from "../e2e/cli.test-helper.ts";

/** The images of this run, by service. */
export const images = stackImages(process.env.STACK_FLOOR === "1");

const record = z.object({
  services: z.record(
    z.string(),
    z.object({
      url: z.string().nullable(),
      direct_url: z.string().nullable(),
      health_path: z.string().nullable(),
      monitor: z.boolean(),
    }),
  ),
  files: z.array(z.string()),
});

export interface Stack {
  desk: Desk;
  /** Where it lies. */
  folder: string;
  /** `pve-home stack up --lab`, with these values in terraform.tfvars. Throws where it does not exit with 0. */
  up(tfvars?: string): Promise<void>;
  /** Any command of pve-home, in the folder of the desk. */
  run(...args: string[]): Promise<Ran>;
  /** A file of the stack. */
  read(path: string): string;
  /** What was rendered. */
  record(): z.output<typeof record>;
  /** `pve-home stack down`. Throws where that leaves anything. */
  close(): Promise<void>;
}

/** A stack of its own, from a copy of the code's environment monitoring, with the images of this run. */
export async function openStack(): Promise<Stack> {
  const desk = openDesk();
  const tool = await resolveTool("any");
  cpSync(join(root, "infrastructure"), desk.path("infrastructure"), {
    recursive: true,
    filter: (path) => !/\.terraform|\.tfstate|terraform\.tfvars$/.test(path),
  });
  desk.write("pve-home.yaml", {
    environments: {
      monitoring: {
        directory: "infrastructure/proxmox/environments/monitoring",
        tool: tool.kind,
        program: tool.path,
      },
    },
    state_directory: "state",
  });
  const folder = desk.path("stack");
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^DOCKER_/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
  const run: Stack["run"] = (...args) => desk.run(args, { env });
  const read: Stack["read"] = (path) => readFileSync(join(folder, path), "utf8");
  const own = ["--lab", "--folder", folder, "--yes"];
  return {
    ...{ desk, folder, run, read },
    async up(tfvars = "") {
      desk.write("infrastructure/proxmox/environments/monitoring/terraform.tfvars", tfvars);
      const given = Object.entries(images).flatMap(([service, { image }]) => [
        "--image",
        `${service}=${image}`,
      ]);
      const ran = await run("stack", "up", ...own, ...given);
      if (ran.exitCode === 0) return;
      const logs = await docker("compose", "--project-directory", folder, "logs", "--tail", "20").catch(
        String,
      );
      throw new Error(`stack up: ${ran.exitCode}\n${ran.stderr}\n${ran.stdout}\n${logs}`);
    },
    record: () => record.parse(JSON.parse(read("stack.json"))),
    async close() {
      const { exitCode, stderr } = await run("stack", "down", ...own);
      const containers = await docker("ps", "--all", "--format", "{{.Names}}");
      const networks = await docker("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}");
      const left = existsSync(folder) ? `${folder}: ${readdirSync(folder)}` : "";
      desk.close();
      if (exitCode !== 0 || containers + networks + left !== "")
        throw new Error(`stack down: ${exitCode} ${stderr}; it left ${containers}${networks}${left}`);
    },
  };
}

/** Services that Traefik leads to, with the name each has, and where they answer themselves. */
export function routed(stack: Stack): { service: string; host: string; directPort: number; path: string }[] {
  return Object.entries(stack.record().services).flatMap(([service, { url, direct_url, health_path }]) => {
    if (url === null || direct_url === null || health_path === null) return [];
    const directPort = Number(new URL(direct_url).port);
    return [{ service, host: new URL(url).host, directPort, path: health_path }];
  });
}

/** Runs docker; returns what it printed. Throws where it fails. */
export async function docker(...args: string[]): Promise<string> {
  const { code, output } = await runChild("docker", args);
  if (code !== 0) throw new Error(`docker ${args.join(" ")}: ${output}`);
  return output;
}
