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

const readme = readFileSync(join(root, "README.md"), "utf8");

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

/** The settings that README shows for one's own Proxmox, with the lab's addresses and these tokens, for `--config`. */
export function settings(
  { lab, desk }: ApplyDesk,
  name: string,
  tokens: { read: string; apply?: string },
): string {
  const node = lab.world.nodes.pve1;
  desk.write(`home/.pve-home/${name}-read`, tokens.read);
  desk.write(`home/.pve-home/${name}-apply`, tokens.apply ?? tokens.read);
  let text = readme.split("   ```yaml\n")[1]?.split("   ```\n")[0] ?? "";
  for (const [from, to] of [
    ["https://192.168.1.50:8006/", lab.endpoint],
    ["/monitor-token", `/${name}-read`],
    ["/terraform-token", `/${name}-apply`],
    ["~/.pve-home/pve-root-ca.pem", lab.caFile],
    [
      "{ address: 192.168.1.50 }",
      `{ address: 127.0.0.1, port: ${node?.ssh.port}, host_key: "${node?.hostKey.publicKey}" }`,
    ],
  ] as const) {
    if (!text.includes(from)) throw new Error(`the settings in README do not contain ${from}`);
    text = text.replace(from, to);
  }
  const environment = (one: string) =>
    `  ${one}: { directory: ${lab.directory(one)}, tool: ${lab.tool.kind}, program: ${lab.tool.path}, cli_config: ${lab.env.TF_CLI_CONFIG_FILE} }\n`;
  const ours = `environments:\n${["prod", "lab", "monitoring"].map(environment).join("")}state_directory: state\n`;
  return desk.write(
    `${name}.yaml`,
    `${ours}${text.replace(/^ {3}/gm, "").replace("ssh:\n", "ssh:\n  identity_file: key\n")}`,
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
