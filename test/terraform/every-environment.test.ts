import { createPrivateKey, X509Certificate } from "node:crypto";
import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { inventorySchema } from "../../src/model/inventory.ts";
import { placeOf } from "../../src/plan/guest-place.ts";
import { stateResources } from "../../src/plan/state-resources.ts";
import { undeclaredDevices } from "../../src/plan/undeclared.ts";
import { type ApplyDesk, openApplyDesk } from "../apply/apply-desk.ts";
import type { LabEnvironments } from "../drift/lab-environments.ts";
import { everythingIn } from "../e2e/cli.test-helper.ts";
import { stackServices } from "./environment-outputs.ts";
import { hostKeyAfterColdBoot } from "./guest-ssh.test-helper.ts";
import { applyEverything, forEach, type Homelab, healthCheckKey } from "./homelab.test-helper.ts";
import {
  announced,
  expectNoChanges,
  jobByHand,
  leavings,
  outputs,
  snippetFolder,
  snippets,
} from "./live.test-helper.ts";

// All three environments as a user meets them, on one cluster and with OpenTofu; changes-to-prod.test.ts takes the
// Terraform that is there.

let desk: ApplyDesk;
let lab: LabEnvironments;
let homelab: Homelab;

beforeAll(async () => {
  desk = await openApplyDesk("tofu");
  lab = desk.lab;
  homelab = await applyEverything(desk);
});

afterEach(() => homelab.restore());
afterAll(() => desk?.close());

const stateOf = (name: string) => readFile(join(lab.directory(name), "terraform.tfstate"), "utf8");

test("nothing to be changed after it", async () => {
  expect(Object.keys(lab.world.guests)).toEqual(["201", "203", "251", "301", "302", "9000"]);
  await forEach((name) => expectNoChanges(lab, name));
});

test("every device of every guest is declared: what the provider and the template bring of their own is none", async () => {
  const found = await forEach(async (name) => {
    const resources = stateResources(JSON.parse(await lab.run(name, "show", "-json", "terraform.tfstate")));
    return resources.flatMap(({ type, values }) => {
      const place = placeOf(type, values);
      if (place === undefined) return [];
      const config = lab.world.guests[place.vmid]?.config ?? {};
      return [[place.vmid, ...undeclaredDevices(type, config, [values]).map(({ key }) => key)]];
    });
  });
  expect(found.flat().sort()).toEqual([[201], [203], [251], [301], [302]]);
});

test("secrets are in nothing that people read: outputs, snippets, guests, plans, what was printed", async () => {
  const { outputs: monitoring } = homelab.monitoring;
  const sensitive = Object.keys(monitoring).filter((name) => monitoring[name]?.sensitive);
  expect(sensitive).toEqual(["certificate_key", "health_check_private_key"]);

  const first = String(homelab.monitoringWas.outputs.health_check_private_key?.value);
  const states = await forEach(stateOf);
  const ours = [lab.token.replace(/^.*=/, ""), ...linesOf(lab.env.PROXMOX_VE_SSH_PRIVATE_KEY ?? "")];
  // Keys that Terraform makes are in its state, and have to be.
  const made = [...states.join().matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n.*?)-----END/g)]
    .flatMap((found) => linesOf((found[1] ?? "").replaceAll("\\n", "\n")))
    .concat(linesOf(first))
    .filter((line) => !ours.includes(line));
  expect(Math.min(ours.length, made.length)).toBeGreaterThan(3);

  await lab.declare("prod", homelab.prod.replace("= {", "= { x = { },"));
  const summary = await desk.pveHome("plan", "--env", "prod");
  expect(summary.exitCode, summary.stderr).toBe(0);
  const open = [monitoring, await outputs(lab, "prod"), await outputs(lab, "lab")].map((all) =>
    Object.values(all).filter(({ sensitive }) => !sensitive),
  );
  for (const file of ["token", "apply-token", "key"]) {
    const content = await readFile(desk.desk.path(file), "utf8");
    onTestFinished(() => void desk.desk.write(file, content));
    await rm(desk.desk.path(file));
  }
  const written = everythingIn(desk.desk.folder, ...desk.desk.printed);
  const guests = Object.values(lab.world.guests).map(({ config, inside }) => [config, inside.files]);
  const readable = JSON.stringify([homelab.said, written, open, await snippets(lab), guests]);

  expect([...ours, ...made].filter((secret) => readable.includes(secret))).toEqual([]);
  expect(readable).not.toContain("PRIVATE KEY");
  expect(ours.filter((secret) => states.join().includes(secret))).toEqual([]);
});

/** Long lines of a key: those that no other has by chance. The first one of an OpenSSH key is that of all. */
function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => /^(?!b3BlbnNzaC1rZXkt)[A-Za-z0-9+/=]{40,}$/.test(line));
}

test("the monitoring VM is as declared; its firewall lets in what the stack publishes, SSH and ping", () => {
  const guest = lab.world.guests[251];
  expect(guest?.config).toMatchObject({
    name: "monitoring-stack",
    description: "Managed by Terraform",
    tags: "docker;monitoring",
    scsihw: "virtio-scsi-single",
    cicustom: expect.stringContaining("user=local:snippets/monitoring-monitoring-stack-user-data.yaml"),
    net0: expect.stringContaining("firewall=1"),
  });
  expect(guest?.status).toBe("running");

  const always = ["22", "icmp", "80", "443", "3100", "9100"];
  const plain = ["3000", "3001", "8080", "9080", "9090", "9093", "9221"];
  expect(openPorts(homelab.monitoringWas.guest)).toEqual([...always, ...plain].sort());
  // With HTTPS.
  expect(openPorts(guest)).toEqual(always.sort());
});

/** What the firewall of a guest accepts: all its rules do. */
function openPorts(guest: Homelab["monitoring"]["guest"]): string[] {
  const { options, rules = [] } = guest?.firewall ?? {};
  expect(options).toMatchObject({ enable: 1, policy_in: "DROP" });
  const accepted = rules.filter(({ type, action }) => type === "in" && action === "ACCEPT");
  expect(accepted).toHaveLength(rules.length);
  return rules.map(({ dport, proto }) => String(dport ?? proto)).sort();
}

test("another package, a new key for the health checks and HTTPS change no VM", () => {
  const { change, monitoringWas: was, monitoring: is } = homelab;
  expect(announced(change)).toEqual([
    "module.monitoring.module.vm.proxmox_virtual_environment_file.cloud_config[0] must be replaced",
    "module.monitoring.module.vm.proxmox_virtual_environment_firewall_rules.this[0] will be updated in-place",
    "module.monitoring.tls_cert_request.stack[0] will be created",
    "module.monitoring.tls_locally_signed_cert.stack[0] will be created",
    "module.monitoring.tls_private_key.ca[0] will be created",
    `${healthCheckKey} will be replaced, as requested`,
    "module.monitoring.tls_private_key.stack[0] will be created",
    "module.monitoring.tls_self_signed_cert.ca[0] will be created",
  ]);
  expect({ ...is.guest, firewall: undefined }).toEqual({ ...was.guest, firewall: undefined });
  const key = ({ outputs }: typeof is) =>
    expect.stringContaining(String(outputs.health_check_public_key?.value).replace(/ [^ ]*$/, ""));
  // Besides those of the stack's files, which know of HTTPS.
  const apart = ({ snippet }: typeof is, other: typeof is) =>
    snippet.filter((line) => !other.snippet.includes(line) && /"htop"|ssh-ed25519/.test(line));
  expect(apart(is, was)).toEqual(['- "htop"', key(is)]);
  expect(apart(was, is)).toEqual([key(was)]);
});

test("HTTPS comes with an authority that may sign certificates", () => {
  const { ca_certificate: certificate, service_urls: urls } = homelab.monitoring.outputs;
  const ca = new X509Certificate(String(certificate?.value));
  expect(ca.ca).toBe(true);
  expect(ca.subject).toContain("CN=home.lan CA");
  expect(ca.verify(ca.publicKey)).toBe(true);
  const years = (ca.validToDate.getTime() - ca.validFromDate.getTime()) / (365 * 24 * 3_600_000);
  expect(years).toBeCloseTo(10, 1);
  expect(urls?.value).toMatchObject({ grafana: "https://grafana.home.lan" });

  const stack = new X509Certificate(String(homelab.monitoring.outputs.certificate?.value));
  expect(stack.ca).toBe(false);
  expect(stack.verify(ca.publicKey)).toBe(true);
  expect(
    stack.checkPrivateKey(createPrivateKey(String(homelab.monitoring.outputs.certificate_key?.value))),
  ).toBe(true);
  for (const url of Object.values(urls?.value ?? {}))
    expect(stack.checkHost(new URL(url).hostname), url).toBeDefined();
  expect(stack.checkHost("wiki.home.lan", { wildcards: true })).toBe("*.home.lan");
});

test("the health checks' key opens the guests of prod, and the monitoring VM itself", () => {
  expect(homelab.logins).toEqual({ web: 0, monitoring: 0 });
});

test("the inventory of monitoring is that of the example", () => {
  const { guests, services } = inventorySchema.parse(homelab.monitoring.outputs.inventory?.value);
  expect(guests).toMatchObject([{ name: "monitoring-stack", vmid: 251, address: "127.10.0.51" }]);
  expect(services.map(({ name }) => name)).toEqual(stackServices);
});

test("the monitoring VM, whose snippet was edited, has the same host key after a cold boot", async () => {
  expect(await hostKeyAfterColdBoot(lab, 251, "127.10.0.51")).toContain(homelab.monitoringWas.hostKey);
});

test("without the meta-data snippet, which pins the instance-id, the host key would be another", async () => {
  await lab.control.config("web", { cicustom: "user=local:snippets/prod-web-user-data.yaml" });
  const key = await hostKeyAfterColdBoot(lab, 201, "127.10.0.20");
  expect(await hostKeyAfterColdBoot(lab, 201, "127.10.0.20")).toBe(key);
  await appendFile(join(snippetFolder(lab), "prod-web-user-data.yaml"), "# edited\n");
  expect(await hostKeyAfterColdBoot(lab, 201, "127.10.0.20")).not.toBe(key);
});

test("destroy leaves nothing behind but the job that was made by hand", async () => {
  await forEach((name) => lab.run(name, "destroy", "-auto-approve", "-input=false"));
  // The provider does not wait for the node to have removed a snippet.
  await expect.poll(() => leavings(lab), { timeout: 10_000 }).toEqual(homelab.before.left);
  expect(Object.keys(lab.world.backupJobs)).toEqual(["by-hand"]);
  expect(await jobByHand(lab)).toEqual(homelab.before.job);
  for (const state of await forEach(stateOf)) expect(JSON.parse(state).resources).toEqual([]);
});
