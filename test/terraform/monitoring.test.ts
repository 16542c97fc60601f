import { X509Certificate } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { inventorySchema } from "../../src/model/inventory.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveAllProviders } from "../../tools/programs/index.ts";
import { type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";

// The environment monitoring as a user meets it: applied by the real providers, changed, destroyed.

const snippet = "module.monitoring.module.vm.proxmox_virtual_environment_file.cloud_config[0]";
const settings = 'vm_id = 251\nipv4 = "127.10.0.51/8"\ndatastore_id = "local-lvm"\n';

let lab: LabEnvironments;
let before: unknown;
let restore: () => Promise<void>;

beforeAll(async () => {
  lab = await startLabEnvironments();
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  before = whatIsThere();
  await lab.declare("monitoring", settings);
  await lab.run("monitoring", "init", "-input=false");
  await apply();
  restore = await lab.snapshot("monitoring", "prod");
});

afterEach(() => restore());
afterAll(() => lab?.close());

const apply = (name = "monitoring") => lab.run(name, "apply", "-auto-approve", "-input=false");
/** Rejects where there is something to change. */
const expectNoChanges = () => lab.run("monitoring", "plan", "-input=false", "-detailed-exitcode");

/** What destroy has to leave as it was. */
function whatIsThere() {
  return {
    guests: Object.keys(lab.world.guests),
    volumes: Object.values(lab.world.storages).flatMap(({ volumes }) => Object.keys(volumes)),
    backupJobs: Object.keys(lab.world.backupJobs),
  };
}

function guest() {
  const found = lab.world.guests[251];
  if (found === undefined) throw new Error("the monitoring VM is not there");
  return found;
}

const outputsSchema = z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.unknown() }));

async function outputs(): Promise<z.infer<typeof outputsSchema>> {
  return outputsSchema.parse(JSON.parse(await lab.run("monitoring", "output", "-json")));
}

/** Every snippet on the node, by its name. */
async function snippets(): Promise<Record<string, string>> {
  const folder = join(dirname(lab.caFile), "storage", "local", "snippets");
  const read = async (name: string) => [name, await readFile(join(folder, name), "utf8")] as const;
  return Object.fromEntries(await Promise.all((await readdir(folder)).map(read)));
}

const planSchema = z.object({
  resource_changes: z.array(
    z.object({ address: z.string(), change: z.object({ actions: z.array(z.string()) }) }),
  ),
});

/** Addresses of what a plan would change. */
async function planned(...options: string[]): Promise<string[]> {
  await lab.run("monitoring", "plan", "-input=false", "-out=changes.tfplan", ...options);
  const plan = planSchema.parse(JSON.parse(await lab.run("monitoring", "show", "-json", "changes.tfplan")));
  return plan.resource_changes
    .filter(({ change }) => change.actions.join() !== "no-op")
    .map(({ address }) => address)
    .sort();
}

const exampleSchema = z.object({
  planned_values: z.object({ outputs: z.object({ inventory: z.object({ value: inventorySchema }) }) }),
});

test("the VM is as declared, and nothing is to be changed after it", async () => {
  expect(guest().config).toMatchObject({
    name: "monitoring-stack",
    description: "Managed by Terraform",
    tags: "docker;monitoring",
    scsihw: "virtio-scsi-single",
    cicustom: expect.stringContaining("user=local:snippets/monitoring-monitoring-stack-user-data.yaml"),
    net0: expect.stringContaining("firewall=1"),
  });
  expect(guest().status).toBe("running");
  await expectNoChanges();
});

test("the firewall lets in what the stack publishes, SSH and ping", () => {
  const { options, rules } = guest().firewall;
  expect(options).toMatchObject({ enable: 1, policy_in: "DROP" });
  const accepted = rules.filter(({ type, action }) => type === "in" && action === "ACCEPT");
  expect(accepted).toHaveLength(rules.length);
  const open = rules.map(({ dport, proto }) => String(dport ?? proto)).sort();
  const stack = ["80", "443", "3000", "3001", "3100", "8080", "9080", "9090", "9093", "9100", "9221"];
  expect(open).toEqual(["22", "icmp", ...stack].sort());
});

test("edited content of a snippet changes no VM", async () => {
  await lab.declare("monitoring", `${settings}packages = ["htop"]\n`);
  expect(await planned()).toEqual([snippet]);
});

test("a new key for the health checks changes no VM either", async () => {
  const key = "module.monitoring.tls_private_key.health_check";
  expect(await planned(`-replace=${key}`)).toEqual([snippet, key]);
});

test("the health checks' key opens the guests of prod, and the VM itself", async () => {
  const { health_check_public_key: key } = await outputs();
  await lab.declare(
    "prod",
    `vms = { web = { vm_id = 201, ipv4 = "127.10.0.20/8" } }\nhealth_check_public_key = "${key?.value}"\n`,
  );
  await lab.run("prod", "init", "-input=false");
  await apply("prod");

  const identity = join(dirname(lab.directory("prod")), "health-check");
  const secret = await lab.run("monitoring", "output", "-raw", "health_check_private_key");
  await writeFile(identity, secret, { mode: 0o600 });
  const port = String((await lab.control.inventory("prod")).guests[0]?.ssh_port);
  for (const [name, address] of Object.entries({ 201: "127.10.0.20", 251: "127.10.0.51" })) {
    const knownHosts = `${identity}.hosts`;
    await writeFile(knownHosts, `[${address}]:${port} ${lab.world.guests[name]?.inside.hostKey.publicKey}\n`);
    const options = ["-F", "none", "-i", identity, "-p", port, "-l", "ubuntu", "-o", "BatchMode=yes"];
    const strict = ["-o", "IdentitiesOnly=yes", "-o", `UserKnownHostsFile=${knownHosts}`];
    const login = await runChild("ssh", [...options, ...strict, address, "true"], { env: lab.env });
    expect(login, address).toMatchObject({ code: 0 });
  }
});

test("secrets are in sensitive outputs alone: not in others, snippets, the guest or what a plan says", async () => {
  await lab.declare("monitoring", `${settings}tls_enabled = true\n`);
  const said = [await lab.run("monitoring", "plan", "-input=false"), await apply()];
  const all = await outputs();
  expect(Object.keys(all).filter((name) => all[name]?.sensitive)).toEqual(["health_check_private_key"]);

  // The longest line of each private key in the state, which no other text has by chance.
  const state = JSON.parse(await readFile(join(lab.directory("monitoring"), "terraform.tfstate"), "utf8"));
  const secrets = [
    ...JSON.stringify(state).matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----\\n(.*?)\\n-----END/g),
  ]
    .flatMap((found) => found[1]?.split("\\n") ?? [])
    .filter((line) => line.length >= 40);
  expect(secrets.length).toBeGreaterThan(3);

  const open = Object.entries(all).filter(([, { sensitive }]) => !sensitive);
  const readable = JSON.stringify([said, open, await snippets(), guest().config, guest().inside.files]);
  expect(secrets.filter((secret) => readable.includes(secret))).toEqual([]);
  expect(readable).not.toContain("PRIVATE KEY");
});

test("HTTPS comes with an authority that may sign certificates", async () => {
  await lab.declare("monitoring", `${settings}tls_enabled = true\n`);
  expect(await planned()).toEqual([
    "module.monitoring.tls_private_key.ca[0]",
    "module.monitoring.tls_self_signed_cert.ca[0]",
  ]);
  await apply();
  const { ca_certificate: certificate, service_urls: urls } = await outputs();
  const ca = new X509Certificate(String(certificate?.value));
  expect(ca.ca).toBe(true);
  expect(ca.subject).toContain("CN=home.lan CA");
  expect(ca.verify(ca.publicKey)).toBe(true);
  const years = (ca.validToDate.getTime() - ca.validFromDate.getTime()) / (365 * 24 * 3_600_000);
  expect(years).toBeCloseTo(10, 1);
  expect(urls?.value).toMatchObject({ grafana: "https://grafana.home.lan" });
  await expectNoChanges();
});

test("the inventory is one, applied and as the example has it", async () => {
  const applied = inventorySchema.parse((await outputs()).inventory?.value);
  expect(applied.guests).toMatchObject([{ name: "monitoring-stack", vmid: 251, address: "127.10.0.51" }]);
  expect(applied.services).toHaveLength(9);
  await lab.run("monitoring", "plan", "-var-file=terraform.tfvars.example", "-out=example.tfplan");
  const example = exampleSchema.parse(
    JSON.parse(await lab.run("monitoring", "show", "-json", "example.tfplan")),
  );
  const { guests, services } = example.planned_values.outputs.inventory.value;
  expect(guests).toMatchObject([{ name: "monitoring-stack", vmid: 251, address: "192.168.1.51" }]);
  expect(services.map(({ name }) => name)).toEqual(applied.services.map(({ name }) => name));
});

test("destroy leaves nothing behind", async () => {
  await lab.run("monitoring", "destroy", "-auto-approve", "-input=false");
  // The provider does not wait for the node to have removed a snippet.
  await expect.poll(whatIsThere, { timeout: 10_000 }).toEqual(before);
  expect(await snippets()).toEqual({});
  expect(await lab.run("monitoring", "state", "list")).toBe("");
});
