import { expect, onTestFinished, test } from "vitest";
import { openDesk } from "./cli.test-helper.ts";
import { prod } from "./stack-desk.test-helper.ts";

const stack = {
  ...prod.guests[0],
  ...{ name: "monitoring-stack", vmid: 251, address: "192.168.1.51" },
};
const service = (name: string) => ({
  ...prod.services[0],
  name,
  kind: name,
  host: name,
  guest: "monitoring-stack",
});
const monitoring = {
  ...prod,
  environment: "monitoring",
  domain: "home.lan",
  guests: [stack],
  services: [service("traefik"), service("grafana")],
};

function desk() {
  const made = openDesk();
  onTestFinished(made.close);
  made.write("prod.json", prod);
  made.write("monitoring.json", monitoring);
  made.write("pve-home.yaml", {
    environments: { prod: { inventory: "prod.json" }, monitoring: { inventory: "monitoring.json" } },
  });
  return made;
}

test("the records of all environments, and nothing else, are printed", async () => {
  const { run } = desk();
  const { exitCode, stdout, stderr } = await run(["names", "--format", "hosts"]);
  const lines = ["grafana", "traefik", "wiki"].map((name) => `192.168.1.51 ${name}.home.lan\n`);
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: lines.join(""), stderr: "" });
});

test("what Pi-hole gets is a list in JSON, from files as well", async () => {
  const { run } = desk();
  const files = ["--inventory", "monitoring.json"];
  const { stdout } = await run(["names", "--format", "pihole", ...files]);
  expect(JSON.parse(stdout)).toEqual(["192.168.1.51 grafana.home.lan", "192.168.1.51 traefik.home.lan"]);
});

test("without Traefik nothing is printed, and the next step is named", async () => {
  const { run } = desk();
  const { exitCode, stdout, stderr } = await run(["names", "--format", "hosts", "--inventory", "prod.json"]);
  expect([exitCode, stdout]).toEqual([3, ""]);
  expect(stderr).toContain("traefik_enabled = true");
});

test.each([[[]], [["--format", "bind"]]])("%j is refused, with the formats there are", async (flags) => {
  const { run } = desk();
  const { exitCode, stderr } = await run(["names", ...flags]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--format");
});
