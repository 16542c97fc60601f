import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { isProblem } from "../model/problem.ts";
import { refuseUnusablePorts } from "./ports.ts";
import type { Rendered } from "./rendered.ts";

async function taken(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

function services(ports: readonly number[], container = true): Pick<Rendered, "services"> {
  const published = ports.map((port) => ({ documented: 3000, port, address: "127.0.0.1" }));
  const service = { image: "a:1", container, container_port: 80, published, health_path: null };
  return { services: { grafana: { ...service, monitor: true, direct_url: null, url: null } } };
}

async function refused(...[rendered, options]: Parameters<typeof refuseUnusablePorts>) {
  const error = await refuseUnusablePorts(rendered, options).catch((thrown: unknown) => thrown);
  return isProblem(error) ? { code: error.code, hint: error.hint } : undefined;
}

const asked = { command: "pve-home stack up --lab", given: { 80: 8081 }, engine: { lowestPort: 1 } };

test("a port of another program is refused with the command that publishes elsewhere, what was said included", async () => {
  const port = await taken();
  expect(await refused(services([port]), { ...asked, own: [] })).toEqual({
    code: "ports-in-use",
    hint: "publish elsewhere: pve-home stack up --lab --port 80=8081 --port 3000=23000",
  });
});

test("the port that was refused is not offered again", async () => {
  const given = { 3000: 23_000 };
  const options = { ...asked, given, own: [], engine: { lowestPort: 30_000 } };
  expect(await refused(services([23_000]), options)).toMatchObject({
    hint: expect.stringContaining("--port 3000=24000"),
  });
});

test("ports that the stack has already, and those of no container, are not asked", async () => {
  const port = await taken();
  expect(await refused(services([port]), { ...asked, own: [port] })).toBeUndefined();
  expect(await refused(services([port], false), { ...asked, own: [] })).toBeUndefined();
});

test("a Docker without root is not asked for a port that it cannot have", async () => {
  const options = { ...asked, own: [], engine: { lowestPort: 1024 } };
  expect(await refused(services([80]), options)).toMatchObject({ code: "ports-privileged" });
});
