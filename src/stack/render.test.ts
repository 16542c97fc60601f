import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../../tools/private-copy.ts";
import { resolveTool } from "../../tools/programs/index.ts";
import { type GivenVariables, renderStack } from "./render.ts";

const infrastructure = join(root, "infrastructure/proxmox");

/** The environment monitoring with these values, and the modules of this checkout. */
async function rendering(tfvars: string) {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-render-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const directory = join(folder, "environments/monitoring");
  mkdirSync(directory, { recursive: true });
  cpSync(join(infrastructure, "environments/monitoring/variables.tf"), join(directory, "variables.tf"));
  symlinkSync(join(infrastructure, "modules"), join(folder, "modules"));
  writeFileSync(join(directory, "terraform.tfvars"), tfvars);
  const tool = await resolveTool("any");
  const run = { directory, tool: tool.kind, program: tool.path, environment: {} };
  return (given: Partial<GivenVariables>) => renderStack(run, { inventories: [], ...given });
}

const images = ({ services }: Awaited<ReturnType<typeof renderStack>>) =>
  Object.fromEntries(Object.entries(services).map(([name, { image }]) => [name, image]));

test("what is given comes before the environment, image by image", async () => {
  const render = await rendering(
    'images = { loki = "loki:1", traefik = "traefik:1" }\nipv4 = "192.168.1.9/24"\n',
  );
  expect(images(await render({}))).toMatchObject({ loki: "loki:1", traefik: "traefik:1" });
  const here = await render({
    images: { traefik: "traefik:2" },
    ip_address: "127.0.0.1",
    ports: { "3000": 3333 },
  });
  expect(images(here)).toMatchObject({ loki: "loki:1", traefik: "traefik:2" });
  expect(here.services.grafana).toMatchObject({ direct_url: "http://127.0.0.1:3333" });
});

test("without values of the environment the defaults are taken", async () => {
  const render = await rendering("");
  const { services, secrets } = await render({ images: { traefik: "traefik:2" } });
  expect(services.traefik?.image).toBe("traefik:2");
  expect(services.loki?.image).toMatch(/^grafana\/loki:/);
  expect(Object.keys(secrets)).toEqual(["grafana-admin-password", "pve-exporter.yml"]);
});

test("a message of the config module about what was given is one about usage", async () => {
  const render = await rendering("");
  await expect(render({ images: { trafik: "traefik:2" } })).rejects.toMatchObject({
    kind: "configuration",
    message: expect.stringContaining("trafik"),
  });
});
