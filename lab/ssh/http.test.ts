import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ControlClient, controlClient } from "../control-client.ts";
import { type RunningLab, startLab } from "../lab.ts";
import { freePort } from "../ports.ts";

let lab: RunningLab;
let control: ControlClient;
let port: number;
const address = "127.20.0.1";

beforeAll(async () => {
  lab = await startLab({ guests: 2, sshPort: 0 });
  control = controlClient(lab.facts);
  port = await freePort(address);
  await control.serve("web-001", port);
});
beforeEach(async () => {
  await control.start("web-001");
  await control.mend();
  // One that was stopped boots first.
  await expect
    .poll(
      () =>
        get().then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(200);
});
afterAll(() => lab.close());

async function get(path = "/"): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://${address}:${port}${path}`, { headers: { Connection: "close" } });
  return { status: response.status, text: await response.text() };
}

const refused = { cause: { code: "ECONNREFUSED" } };

test("a guest answers HTTP where it serves, at its own address", async () => {
  expect(await get("/healthz")).toEqual({ status: 200, text: "web-001\n" });
  await expect(fetch(`http://127.20.0.2:${port}/`)).rejects.toMatchObject(refused);
});

test("http-500 and http-refused, while they are on", async () => {
  await control.break("http-500", "web-001");
  expect(await get()).toMatchObject({ status: 500 });
  await control.break("http-refused", "web-001");
  await expect(get()).rejects.toMatchObject(refused);
  await control.mend();
  expect(await get()).toMatchObject({ status: 200 });
});

test("a guest that is stopped or boots does not answer", async () => {
  await control.break("booting", "web-001");
  await expect(get()).rejects.toMatchObject(refused);
  await control.mend();
  await control.stop("web-001");
  await expect(get()).rejects.toMatchObject(refused);
});

test("the inventory has the service, and a port that is none is refused", async () => {
  const { services } = await control.inventory("prod");
  expect(services).toEqual([
    {
      name: `web-001-${port}`,
      kind: "http",
      guest: "web-001",
      url: `http://${address}:${port}`,
      health_path: "/",
      host: null,
      port,
      scrape: null,
      monitor: true,
    },
  ]);
  await expect(control.serve("web-001", 70_000)).rejects.toThrow("port must be 1 to 65535, not 70000");
});
