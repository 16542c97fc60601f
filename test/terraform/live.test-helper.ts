import { cp, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { changedLeaves } from "../../src/plan/leaf-paths.ts";
import { readPlan } from "../../src/plan/plan-json.ts";
import type { LabEnvironments } from "../drift/lab-environments.ts";

/** Applies an environment as it is declared; what the tool said. */
export const apply = (lab: LabEnvironments, name: string, ...options: string[]) =>
  lab.run(name, "apply", "-auto-approve", "-input=false", ...options);

/** Rejects, with the plan, where applying would change something. */
export const expectNoChanges = (lab: LabEnvironments, name: string) =>
  lab.run(name, "plan", "-input=false", "-detailed-exitcode");

/**
 * What applying would do, a line each: `update ADDRESS attribute attribute`, sorted; attributes by their top-level
 * names, those not known yet left out. `terraform_data` is left out: it is Terraform's own bookkeeping.
 */
export async function planned(lab: LabEnvironments, name: string, ...options: string[]): Promise<string[]> {
  await lab.run(name, "plan", "-input=false", "-out=changes.tfplan", ...options);
  const { changes } = readPlan(JSON.parse(await lab.run(name, "show", "-json", "changes.tfplan")));
  return changes
    .filter(({ type }) => type !== "terraform_data")
    .map(({ address, action, sides }) => {
      const known = action === "update" ? changedLeaves(sides).filter(({ unknown }) => unknown !== true) : [];
      const names = new Set(known.map(({ path }) => path.replace(/[.[].*/, "")));
      return [action, address, ...[...names].sort()].join(" ");
    })
    .sort();
}

/** What an apply said it would do, a line each, sorted: `ADDRESS will be created`. Without `terraform_data`. */
export function announced(said: string): string[] {
  const lines = [...stripVTControlCharacters(said).matchAll(/^ {2}# (\S+\.\S+ .*)$/gm)];
  return lines.flatMap(([, line = ""]) => (line.includes("terraform_data.") ? [] : line)).sort();
}

/** Remembers the lab, its snippets and these environments; what it returns puts everything back as it was. */
export async function checkpoint(lab: LabEnvironments, ...names: string[]): Promise<() => Promise<void>> {
  const folder = snippetFolder(lab);
  const kept = `${folder}.kept`;
  await cp(folder, kept, { recursive: true });
  const restore = await lab.snapshot(...names);
  return async () => {
    await rm(folder, { recursive: true });
    await cp(kept, folder, { recursive: true });
    await restore();
    // A call that changes nothing, after which the SSH servers of the guests follow the world again.
    await lab.control.mend();
  };
}

/** Everything that destroying has to leave as it was. */
export async function leavings({ world, caFile }: LabEnvironments): Promise<unknown> {
  return {
    guests: Object.keys(world.guests),
    volumes: Object.values(world.storages).flatMap(({ volumes }) => Object.keys(volumes)),
    snippets: Object.keys(await snippets({ caFile })),
    backupJobs: Object.keys(world.backupJobs),
    pools: Object.keys(world.pools),
    firewall: structuredClone(world.firewall),
  };
}

/** Every snippet on the node, by its name. */
export async function snippets(lab: Pick<LabEnvironments, "caFile">): Promise<Record<string, string>> {
  const folder = snippetFolder(lab);
  const read = async (name: string) => [name, await readFile(join(folder, name), "utf8")] as const;
  return Object.fromEntries(await Promise.all((await readdir(folder)).map(read)));
}

/** Images and container templates on the storage `local`, sorted. */
export const downloads = ({ world }: LabEnvironments): string[] =>
  Object.keys(world.storages.local?.volumes ?? {})
    .filter((volid) => /:(import|vztmpl)\//.test(volid))
    .sort();

/** Of the storage `local`. */
export function snippetFolder({ caFile }: Pick<LabEnvironments, "caFile">): string {
  return join(dirname(caFile), "storage", "local", "snippets");
}

const outputsSchema = z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.unknown() }));

/** The outputs of an environment. */
export async function outputs(lab: LabEnvironments, name: string): Promise<z.infer<typeof outputsSchema>> {
  return outputsSchema.parse(JSON.parse(await lab.run(name, "output", "-json")));
}

/** A backup job that is none of ours. */
export async function makeJobByHand(lab: LabEnvironments): Promise<void> {
  const settings = { schedule: "sun 05:00", storage: "local", all: "1", "prune-backups": "keep-last=3" };
  const { status } = await callApi(lab, "POST", "cluster/backup", { id: "by-hand", ...settings });
  if (status !== 200) throw new Error(`the job was answered with ${status}`);
}

/** What Proxmox has of it. */
export const jobByHand = async (lab: LabEnvironments): Promise<unknown> =>
  (await callApi(lab, "GET", "cluster/backup/by-hand")).data;

/** Calls the API as another user than Terraform; status and `data`. Parameters go where Proxmox takes them. */
export async function callApi(
  { endpoint, token, caFile }: LabEnvironments,
  method: "GET" | "POST" | "DELETE",
  path: string,
  parameters: Record<string, string> = {},
): Promise<{ status: number; data: unknown }> {
  const form = String(new URLSearchParams(parameters));
  const inQuery = method !== "POST" && form !== "";
  const url = new URL(`api2/json/${path}${inQuery ? `?${form}` : ""}`, endpoint);
  const ca = await readFile(caFile);
  const headers = {
    Authorization: `PVEAPIToken=${token}`,
    "Content-Type": "application/x-www-form-urlencoded",
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, ca, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, data: JSON.parse(body || "{}").data }),
      );
    });
    sent.on("error", reject);
    sent.end(method === "POST" ? form : undefined);
  });
}
