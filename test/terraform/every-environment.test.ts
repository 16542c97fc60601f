import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveAllProviders } from "../../tools/programs/index.ts";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import type { LabEnvironments } from "../drift/lab-environments.ts";
import { everythingIn } from "../e2e/cli.test-helper.ts";
import { apply, expectNoChanges, leavings, outputs, snippets } from "./live.test-helper.ts";

// All three environments on one cluster, with OpenTofu; the other live tests take the Terraform that is there.

const declared = {
  prod: `vms = { web = { vm_id = 201, ipv4 = "127.10.0.20/8", docker = true, snippets = true } }
containers = { dns = { vm_id = 203, ipv4 = "127.10.0.22/8" } }
backup = { storage = "local" }
services = { site = { kind = "http", guest = "web", url = "http://127.10.0.20" } }
`,
  lab: `vms = { sandbox = { vm_id = 301, ipv4 = "127.10.0.30/8" } }
containers = { scratch = { vm_id = 302, mount_points = [{ path = "/srv/data", size = "8G" }] } }
expiration_days = 30
`,
  monitoring: 'vm_id = 251\nipv4 = "127.10.0.51/8"\ndatastore_id = "local-lvm"\ntls_enabled = true\n',
};
const names = Object.keys(declared) as (keyof typeof declared)[];

let desk: ApplyDesk;
let lab: LabEnvironments;
let before: unknown;
let said: string[];

beforeAll(async () => {
  desk = await openApplyDesk("tofu");
  lab = desk.lab;
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  before = await leavings(lab);
  said = await forEach(async (name) => {
    await lab.declare(name, declared[name]);
    await lab.run(name, "init", "-input=false");
    return apply(lab, name);
  });
});

afterAll(() => desk?.close());

const forEach = <T>(act: (name: keyof typeof declared) => Promise<T>) => Promise.all(names.map(act));

test("nothing to be changed after it", async () => {
  expect(Object.keys(lab.world.guests)).toEqual(["201", "203", "251", "301", "302", "9000"]);
  await forEach((name) => expectNoChanges(lab, name));
});

test("secrets are in nothing that people read: outputs, snippets, guests, plans, what was printed", async () => {
  const states = await forEach((name) => readFile(join(lab.directory(name), "terraform.tfstate"), "utf8"));
  const ours = [lab.token.replace(/^.*=/, ""), ...linesOf(lab.env.PROXMOX_VE_SSH_PRIVATE_KEY ?? "")];
  // Keys that Terraform makes are in its state, and have to be.
  const made = [...states.join().matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n.*?)-----END/g)]
    .flatMap((found) => linesOf((found[1] ?? "").replaceAll("\\n", "\n")))
    .filter((line) => !ours.includes(line));
  expect(Math.min(ours.length, made.length)).toBeGreaterThan(1);

  for (const name of ["prod", "lab"] as const)
    await lab.declare(name, declared[name].replace("= {", "= { x = { },"));
  const plans = await forEach((name) => lab.run(name, "plan", "-input=false"));
  const summary = await desk.pveHome("plan", "--env", "prod", "--env", "lab");
  expect(summary.exitCode, summary.stderr).toBe(0);
  const open = await forEach(async (name) =>
    Object.values(await outputs(lab, name)).filter(({ sensitive }) => !sensitive),
  );
  for (const file of ["token", "apply-token", "key"]) await rm(desk.desk.path(file));
  const written = everythingIn(desk.desk.folder, ...desk.printed);
  const guests = Object.values(lab.world.guests).map(({ config, inside }) => [config, inside.files]);
  const readable = JSON.stringify([said, plans, written, open, await snippets(lab), guests]);

  expect([...ours, ...made].filter((secret) => readable.includes(secret))).toEqual([]);
  expect(ours.filter((secret) => states.join().includes(secret))).toEqual([]);
});

/** Long lines of a key: those that no other has by chance. The first one of an OpenSSH key is that of all. */
function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => /^(?!b3BlbnNzaC1rZXkt)[A-Za-z0-9+/=]{40,}$/.test(line));
}

test("destroy leaves nothing behind", async () => {
  for (const name of names) await lab.declare(name, declared[name]);
  await forEach((name) => lab.run(name, "destroy", "-auto-approve", "-input=false"));
  expect(await leavings(lab)).toEqual(before);
  expect(await forEach((name) => lab.run(name, "state", "list"))).toEqual(["", "", ""]);
});
