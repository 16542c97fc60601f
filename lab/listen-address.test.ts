import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { controlClient } from "./control-client.ts";
import { startLab } from "./lab.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "pve-home-lab-test-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** The status of an answer, with the certificate verified against the authority alone; or the error's code. */
function ask(address: string, endpoint: string, caFile: string): Promise<number | string> {
  const { port } = new URL(endpoint);
  const options = { host: address, port, path: "/api2/json/version", ca: readFileSync(caFile), agent: false };
  return new Promise((resolve) => {
    get(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

test("the APIs of all nodes answer at the other address too, with a certificate for it", async () => {
  const lab = await startLab({ sshPort: 0, nodes: ["pve1", "pve2"], listen: "127.0.0.2" });
  onTestFinished(() => lab.close());
  const { apis, caFile, addresses } = lab.facts;
  expect(addresses).toEqual(["127.0.0.1", "127.0.0.2"]);
  for (const { endpoint } of apis) {
    expect(await Promise.all(addresses.map((address) => ask(address, endpoint, caFile)))).toEqual([401, 401]);
  }
});

test("a node that is away answers at none of its addresses, and at all of them once it is back", async () => {
  const lab = await startLab({ sshPort: 0, listen: "127.0.0.2" });
  onTestFinished(() => lab.close());
  const { endpoint, caFile, addresses } = lab.facts;
  const all = () => Promise.all(addresses.map((address) => ask(address, endpoint, caFile)));
  const control = controlClient(lab.facts);
  await control.break("api-down", "pve1");
  expect(await all()).toEqual(["ECONNREFUSED", "ECONNREFUSED"]);
  await control.mend("api-down", "pve1");
  expect(await all()).toEqual([401, 401]);
});

test("a certificate is kept while it has the addresses, and replaced where one is missing", async () => {
  const directory = await folder();
  const fingerprintWith = async (options: { listen?: string }) => {
    const lab = await startLab({ directory, sshPort: 0, ...options });
    await lab.close();
    return lab.facts.fingerprint;
  };
  const first = await fingerprintWith({});
  expect(await fingerprintWith({})).toBe(first);
  const both = await fingerprintWith({ listen: "127.0.0.2" });
  expect(both).not.toBe(first);
  expect(await fingerprintWith({})).toBe(both);
});

test.each(["0.0.0.0", "198.51.100.7", "localhost"])("%s is no address of this machine", async (listen) => {
  await expect(startLab({ sshPort: 0, listen })).rejects.toMatchObject({ code: "option-invalid" });
});
