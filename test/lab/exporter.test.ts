import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningLab, startLab } from "../../lab/lab.ts";
import { freePort } from "../../lab/ports.ts";
import { addToken } from "../../lab/seed.ts";
import { parseSeries, readSamples } from "../../monitoring/samples/sample.ts";
import { resolvePveExporter } from "../../tools/programs/index.ts";

// The judge of the lab: the real prometheus-pve-exporter with proxmoxer, TLS verified.

let lab: RunningLab;
const children: ChildProcess[] = [];

beforeAll(async () => {
  lab = await startLab({ sshPort: 0, guests: 8, nodes: ["pve1", "pve2"] });
});

afterAll(async () => {
  for (const child of children) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  await lab?.close();
});

/** Starts an exporter with a token (`user@realm!name=secret`); returns what scrapes it. */
async function exporter(token: string): Promise<() => Promise<{ status: number; text: string }>> {
  const { path } = await resolvePveExporter();
  const port = await freePort();
  const [, user = "", name = "", secret = ""] = /^(.+)!(.+)=(.+)$/.exec(token) ?? [];
  const child = spawn(path, ["--web.listen-address", `127.0.0.1:${port}`], {
    env: {
      PATH: process.env.PATH,
      HOME: homedir(),
      PVE_USER: user,
      PVE_TOKEN_NAME: name,
      PVE_TOKEN_VALUE: secret,
      PVE_VERIFY_SSL: "true",
      REQUESTS_CA_BUNDLE: lab.facts.caFile,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push(child);
  await listening(child);
  const url = new URL(`http://127.0.0.1:${port}/pve?cluster=1&node=1`);
  url.searchParams.set("target", new URL(lab.facts.endpoint).host);
  return async () => {
    const response = await fetch(url);
    return { status: response.status, text: await response.text() };
  };
}

/** Waits for the exporter's own word that it listens. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("Listening at")) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the exporter ended with ${code}: ${said}`)));
  });
}

/** Label sets of a metric's series, by their `id`, with the value. */
function series(text: string, metric: string): Map<string, { labels: string; value: number }> {
  const found = new Map<string, { labels: string; value: number }>();
  for (const [, labels = "", value] of text.matchAll(new RegExp(`^${metric}\\{(.*)\\} (\\S+)$`, "gm"))) {
    found.set(/(?:^|,)id="([^"]*)"/.exec(labels)?.[1] ?? "", { labels, value: Number(value) });
  }
  return found;
}

test("a scrape has every guest and node, backups, boot flags and storages", async () => {
  const { world } = lab;
  const covered = world.guests["10001"];
  world.backupJobs.daily = { id: "daily", type: "vzdump", enabled: 1, schedule: "02:00", vmid: "10001" };
  if (world.guests["10002"]) world.guests["10002"].status = "stopped";
  const scrape = await exporter(lab.facts.tokens.exporter);
  const { status, text } = await scrape();
  expect(status, text).toBe(200);

  const up = series(text, "pve_up");
  for (const guest of Object.values(world.guests)) {
    const expected = guest.status === "running" ? 1 : 0;
    expect(up.get(`${guest.kind}/${guest.vmid}`)?.value, `pve_up of ${guest.vmid}`).toBe(expected);
  }
  expect(up.get("node/pve1")?.value).toBe(1);
  expect(up.get("node/pve2")?.value).toBe(1);
  expect(up.get("storage/pve1/local-lvm")?.value).toBe(1);

  const missing = series(text, "pve_not_backed_up_info");
  expect(missing.has(`${covered?.kind}/10001`)).toBe(false);
  expect(missing.get("qemu/10002")?.value).toBe(1);

  // Node collectors ask the node that answers, and it alone.
  const onboot = series(text, "pve_onboot_status");
  expect(onboot.get("qemu/10002")).toEqual({ labels: 'id="qemu/10002",node="pve1",type="qemu"', value: 1 });
  expect(onboot.has("qemu/10001")).toBe(false);
  expect(series(text, "pve_storage_info").get("storage/pve1/local")?.labels).toContain('plugintype="dir"');
  expect(series(text, "pve_guest_info").get("lxc/10004")?.labels).toContain('name="web-004"');
});

test("the sample that alerts and dashboards are held against has no metric or label that a scrape has not", async () => {
  const shape = (metric: string, labels: object) => `${metric}{${Object.keys(labels).sort().join()}}`;
  const { text } = await (await exporter(lab.facts.tokens.exporter))();
  const scraped = new Set(
    text.split("\n").flatMap((line) => {
      const one = parseSeries(line);
      return one === undefined ? [] : [shape(one.metric, one.labels)];
    }),
  );
  const sample = readSamples().find(({ file }) => file === "pve-exporter-pve.prom");
  const sampled = new Set(sample?.series.map(({ metric, labels }) => shape(metric, labels)));
  expect(sampled.size).toBeGreaterThan(20);
  expect([...sampled].filter((one) => !scraped.has(one))).toEqual([]);
});

test("a token without Sys.Audit fails as it does on Proxmox", async () => {
  const { id, secret } = addToken(lab.world, "blind@pve!exporter", { "/": ["VM.Audit", "Datastore.Audit"] });
  const scrape = await exporter(`${id}=${secret}`);
  expect((await scrape()).status).toBe(500);
});
