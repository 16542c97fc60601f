import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { inventorySchema } from "../../src/model/inventory.ts";
import { resolveAllProviders } from "../../tools/programs/index.ts";
import { editFile, type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { apply, checkpoint, downloads, expectNoChanges, outputs, planned } from "./live.test-helper.ts";
import { contentAsInstalled, declareExample, freshProxmox } from "./newcomer.test-helper.ts";

// What a terraform.tfvars.example offers and says of a Proxmox as its installer leaves it; privileges.test.ts applies each as
// it is.

let lab: LabEnvironments;
let restore: () => Promise<void>;

beforeAll(async () => {
  lab = await startLabEnvironments("any");
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  restore = await checkpoint(lab, "lab", "monitoring");
});
afterEach(() => restore());
afterAll(() => lab?.close());

test("the state store of monitoring's example, its lines uncommented: a warning says what is still to be done", async () => {
  await freshProxmox(lab, "monitoring");
  await declareExample(lab, "monitoring");
  const file = join(lab.directory("monitoring"), "terraform.tfvars");
  await editFile(file, /^# minio = \{\n(?:# .*\n)+?# \}$/m, (block) => block.replace(/^# /gm, ""));
  await lab.run("monitoring", "init", "-input=false");
  expect(await apply(lab, "monitoring")).toMatch(/nothing\s+installs\s+on\s+minio:\s+minio/);
  expect(lab.world.guests[252]).toMatchObject({ kind: "lxc", status: "running", config: { protection: 1 } });
  expect(downloads(lab)).toContain("local:vztmpl/monitoring-pve1-template.tar.zst");
  const { inventory, minio_endpoint_url: address } = await outputs(lab, "monitoring");
  expect(address?.value).toBe("http://127.10.0.52:9000");
  const { guests, services } = inventorySchema.parse(inventory?.value);
  expect(guests.map(({ name }) => name)).toEqual(["monitoring-stack", "minio"]);
  expect(services).toContainEqual({
    name: "minio",
    kind: "minio",
    guest: "minio",
    url: "http://127.10.0.52:9000",
    health_path: "/minio/health/live",
    host: null,
    port: 9000,
    scrape: null,
    monitor: true,
  });
  await expectNoChanges(lab, "monitoring");
});

test("without the content types of the example's head, the first apply says which one is missing", async () => {
  await freshProxmox(lab, "lab");
  await declareExample(lab, "lab");
  await lab.run("lab", "init", "-input=false");
  if (lab.world.storages.local) lab.world.storages.local.content = contentAsInstalled;
  await expect(apply(lab, "lab")).rejects.toThrow(/not\s+configured\s+for\s+content-type\s+'import'/);
  expect(lab.world.guests).toEqual({});
  expect(await planned(lab, "lab")).toContainEqual(expect.stringContaining("create"));
});
