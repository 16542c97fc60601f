import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { runChild } from "../../tools/programs/child.ts";
import { buildProgram, type ProgramName } from "../../tools/programs/index.ts";
import { openStackDesk } from "../e2e/stack-desk.test-helper.ts";

// Every combination of what can be switched, judged by the programs that read the files.

const switches = ["traefik", "loki", "uptime_kuma", "tls"] as const;
const combinations = Array.from({ length: 2 ** switches.length }, (_, bits) =>
  Object.fromEntries(switches.map((name, index) => [name, ((bits >> index) & 1) === 1])),
);

const compose = z.looseObject({
  services: z.record(z.string(), z.looseObject({ depends_on: z.array(z.string()).default([]) })),
});

const floor = process.env.STACK_FLOOR === "1";
const programs = new Map<ProgramName, string>();

beforeAll(async () => {
  const names: ProgramName[] = ["promtool", "amtool", floor ? "loki-floor" : "loki", "promtail"];
  for (const name of names) programs.set(name, (await buildProgram(name)).path);
});

test.each(combinations)("traefik $traefik, loki $loki, uptime_kuma $uptime_kuma, tls $tls", async (on) => {
  const values = switches.map((name) => `${name}_enabled = ${on[name]}\n`).join("");
  const desk = await openStackDesk(`${values}telegram_chat_id = 1\n`);
  const { exitCode, stderr } = await desk.run([
    "stack",
    "render",
    "--out",
    "stack",
    "--inventory",
    "prod.json",
  ]);
  if (on.tls && !on.traefik)
    return expect([exitCode, stderr]).toEqual([2, expect.stringContaining("tls_enabled")]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  const folder = desk.path("stack");
  await accepted("docker", ["compose", "--project-directory", folder, "config", "--quiet"]);
  await accepted(programs.get("promtool"), ["check", "config", join(folder, "prometheus/prometheus.yml")]);
  await accepted(programs.get("amtool"), ["check-config", join(folder, "alertmanager/alertmanager.yml")]);
  const loki = ["-verify-config", "-config.file", join(folder, "loki/loki-config.yml")];
  const promtail = ["-check-syntax", "-config.file", join(folder, "promtail/promtail-config.yml")];
  expect(existsSync(join(folder, "loki"))).toBe(on.loki);
  if (on.loki) await accepted(programs.get("loki") ?? programs.get("loki-floor"), loki);
  if (on.loki) await accepted(programs.get("promtail"), promtail);

  const services = Object.keys(compose.parse(parse(read(folder, "docker-compose.yml"))).services);
  const all = allFiles(folder);
  for (const [name, service] of [
    ["traefik", "traefik"],
    ["loki", "loki"],
    ["uptime_kuma", "uptime-kuma"],
  ] as const) {
    expect(services.includes(service)).toBe(on[name]);
    const mentions = Object.keys(all).filter((path) =>
      all[path]?.match(new RegExp(`^[^#]*\\b${service}\\b`, "im")),
    );
    if (!on[name]) expect(mentions, service).toEqual([]);
  }
  // Whom one file sends another to is there.
  const hosts = Object.values(all).flatMap((text) =>
    [...text.matchAll(/(?:http:\/\/|targets: \["|tcp:\/\/)([a-z][a-z-]*):\d+/g)].map(
      (match) => match[1] ?? "",
    ),
  );
  const outside = ["localhost", "host"];
  expect(hosts.filter((host) => !services.includes(host) && !outside.includes(host))).toEqual([]);
});

/** Of the folder, by path. */
function allFiles(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(paths.map((path) => [path, read(folder, path)]));
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

async function accepted(program: string | undefined, args: string[]): Promise<void> {
  const { code, output } = await runChild(program ?? "", args);
  expect(code, output).toBe(0);
}
