import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { privilegesAt } from "../../lab/api/privileges.ts";
import { addToken } from "../../lab/seed.ts";
import { root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import type { ApplyDesk } from "../apply/apply-desk.ts";
import type { LabEnvironments } from "../drift/lab-environments.ts";

const page = readFileSync(join(root, "docs/privileges.md"), "utf8");

export type Reader = "health" | "hosts trust" | "plan" | "drift" | "apply";

/** The table of docs/privileges.md. */
export const listed = [...page.matchAll(/^\| `([A-Z][\w.]+)` \| `(\/\S*)` \| ([a-z ,]+) \|/gm)].map(
  ([, privilege = "", path = "", commands = ""]) => ({ privilege, path, commands: commands.split(", ") }),
);

/** What the page lists for a command. */
export function neededBy(...commands: Reader[]): string[] {
  const wanted = listed.filter((row) => row.commands.some((name) => commands.includes(name as Reader)));
  return wanted.map(({ privilege }) => privilege).sort();
}

/** The commands that the page shows first below a heading. */
export function commandsBelow(heading: string): string[] {
  const block = page.split(`### ${heading}\n`)[1]?.split("```sh\n")[1]?.split("\n```")[0];
  if (block === undefined) throw new Error(`docs/privileges.md has no commands below ${heading}`);
  return block.split("\n").filter((line) => line !== "");
}

/** The privileges of a role, as a command of the page gives them. */
export function roleIn(commands: readonly string[], role: string): string[] {
  const privileges = commands.flatMap((line) => line.split(`pveum role add ${role} --privs "`)[1] ?? []);
  return (privileges[0] ?? "").replace(/"$/, "").split(" ").sort();
}

/** Runs commands on the lab's node, as root over SSH; the tokens that they make, by user. */
export async function onNode(
  lab: LabEnvironments,
  commands: readonly string[],
): Promise<Record<string, string>> {
  const node = lab.world.nodes.pve1;
  const file = (name: string) => join(dirname(lab.caFile), name);
  const at = `[127.0.0.1]:${node?.ssh.port}`;
  await writeFile(file("node-key"), `${lab.env.PROXMOX_VE_SSH_PRIVATE_KEY}\n`, { mode: 0o600 });
  await writeFile(file("node-hosts"), `${at} ${node?.hostKey.publicKey}\n`);
  const options = ["-F", "none", "-i", file("node-key"), "-o", `UserKnownHostsFile=${file("node-hosts")}`];
  const script = commands.map((line) => `${line} || exit 1`).join("\n");
  const target = ["-o", "BatchMode=yes", "-p", String(node?.ssh.port), "root@127.0.0.1"];
  const { code, stdout, output } = await runChild("ssh", [...options, ...target, script], { env: lab.env });
  if (code !== 0) throw new Error(`the node refused: ${output}`);
  const rows = stdout.matchAll(/│ full-tokenid │ (\S+) +│[\s\S]*?│ value +│ (\S+) +│/g);
  return Object.fromEntries(
    [...rows].map(([, id = "", secret = ""]) => [id.split("!")[0], `${id}=${secret}`]),
  );
}

/** A settings file of the desk with these tokens in it, for `--config`. */
export function settings(
  { lab, desk }: ApplyDesk,
  name: string,
  tokens: { read: string; apply?: string },
): string {
  const environment = (one: string) =>
    `  ${one}: { directory: ${lab.directory(one)}, tool: ${lab.tool.kind}, program: ${lab.tool.path}, cli_config: ${lab.env.TF_CLI_CONFIG_FILE} }\n`;
  const node = lab.world.nodes.pve1;
  desk.write(`${name}-read`, tokens.read);
  desk.write(`${name}-apply`, tokens.apply ?? tokens.read);
  return desk.write(
    `${name}.yaml`,
    `environments:
${["prod", "lab", "monitoring"].map(environment).join("")}proxmox:
  endpoint: ${lab.endpoint}
  api_token: file:${name}-read
  apply_token: file:${name}-apply
  tls: { ca_file: ${lab.caFile} }
ssh:
  identity_file: key
  nodes: { pve1: { address: 127.0.0.1, port: ${node?.ssh.port}, host_key: "${node?.hostKey.publicKey}" } }
state_directory: state
`,
  );
}

/** A token that may what `granted` says by ACL path, but at each of these paths not these. */
export function tokenWithout(
  { world }: LabEnvironments,
  granted: Record<string, string[]>,
  missing: Record<string, readonly string[]>,
): string {
  const without = Object.entries(missing).map(([path, names]) => {
    const held = privilegesAt(granted, path).filter((name) => !names.includes(name));
    return [path, held] as const;
  });
  const number = Object.keys(world.tokens).length;
  const privileges = { ...granted, ...Object.fromEntries(without) };
  const { id, secret } = addToken(world, `test@pve!t${number}`, privileges);
  return `${id}=${secret}`;
}
