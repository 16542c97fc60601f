import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openBucket } from "../../src/connect/s3/bucket.ts";
import { runChild } from "../../tools/programs/child.ts";
import { findTool, type Tool } from "../../tools/programs/index.ts";
import { type Desk, openDesk, type Ran } from "../e2e/cli.test-helper.ts";
import type { RunningMinio } from "./minio.ts";

/** An output that must be nowhere but in states. */
export const plantedOutput = "planted-output-2f9c";

/** A folder for the command line, with the environment `prod`, which no provider is needed for. */
export interface StateDesk {
  desk: Desk;
  /** Its own in the store. */
  bucket: string;
  /** A path in the environment's folder. */
  file(name: string): string;
  read(name: string): string | undefined;
  /** Names of the files in the environment's folder, without `.terraform`. */
  files(): string[];
  pveHome(...args: string[]): Promise<Ran>;
  /** What is in its bucket: keys, and what the current versions say. */
  stored(): Promise<Record<string, string>>;
  /** Runs the tool in the environment's folder, as a user does. */
  tool(...args: string[]): Promise<{ code: number; output: string }>;
  /** Writes pve-home.yaml; what is given wins over the store of the desk. */
  configure(change?: { endpoint?: string; bucket?: string; program?: string; more?: string }): void;
  /** A program that runs shell lines and then is the tool, and its path. */
  wrapTool(lines: string): string;
  env: Record<string, string>;
  close(): void;
}

const main = `
resource "terraform_data" "this" { input = "x" }
output "size" { value = 3 }
output "hidden" {
  value     = "${plantedOutput}"
  sensitive = true
}
`;

let desks = 0;

/** With a versioned bucket of its own. */
export async function openStateDesk(tool: Tool, minio: RunningMinio): Promise<StateDesk> {
  desks += 1;
  const ownBucket = `states-${desks}`;
  await minio.makeBucket(ownBucket);
  const desk = openDesk();
  const file = (name: string) => desk.path("prod", name);
  const env = { MY_ACCESS: minio.accessKey, MY_SECRET: minio.secretKey };
  const configure: StateDesk["configure"] = (change = {}) => {
    const { endpoint = minio.endpoint, bucket = ownBucket, program = tool.path, more = "" } = change;
    const ca = endpoint === minio.endpoint && minio.caFile !== undefined ? `, ca_file: ${minio.caFile}` : "";
    desk.write(
      "pve-home.yaml",
      `environments: { prod: { directory: prod, tool: ${tool.kind}, program: ${program} } }
state: { endpoint: "${endpoint}", bucket: ${bucket}, prefix: home/, access_key: env:MY_ACCESS, secret_key: env:MY_SECRET${ca} }
state_directory: state
${more}`,
    );
  };
  desk.write("prod/main.tf", main);
  configure();
  return {
    desk,
    bucket: ownBucket,
    file,
    env,
    configure,
    read: (name) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : undefined),
    files: () =>
      readdirSync(desk.path("prod"))
        .filter((name) => name !== ".terraform")
        .sort(),
    pveHome: (...args) => desk.run(args, { env }),
    async stored() {
      const bucket = openBucket(minio.connection, ownBucket);
      const found: Record<string, string> = {};
      for (const { key } of await bucket.versions("")) {
        const object = await bucket.get(key);
        if (object !== undefined) found[key] = object.content.toString();
      }
      bucket.close();
      return found;
    },
    tool: (...args) =>
      runChild(tool.path, args, {
        cwd: desk.path("prod"),
        env: {
          PATH: process.env.PATH,
          HOME: join(desk.folder, "home"),
          AWS_ACCESS_KEY_ID: minio.accessKey,
          AWS_SECRET_ACCESS_KEY: minio.secretKey,
          CHECKPOINT_DISABLE: "1",
          TF_INPUT: "0",
        },
      }),
    wrapTool(lines) {
      const program = desk.write("wrapped-tool", `#!/bin/sh\n${lines}\nexec ${tool.path} "$@"\n`);
      chmodSync(program, 0o755);
      return program;
    },
    close: desk.close,
  };
}

/** The tools that are there; tests that need one fail loudly where there is none. */
export async function toolsHere(): Promise<Tool[]> {
  const tools = (await Promise.all([findTool("terraform"), findTool("tofu")])).filter(
    (tool) => tool !== undefined,
  );
  if (tools.length === 0) throw new Error("neither Terraform nor OpenTofu is there: npm test gets one");
  return tools;
}
