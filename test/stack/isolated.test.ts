import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { type Isolation, removeTraces, runIsolated } from "../../tools/isolated.ts";

// Of the namespaces that these tests run in: made here once more, inside of them.

async function isolation(): Promise<Isolation> {
  const folder = await mkdtemp(join(tmpdir(), "pve-home-isolated-"));
  return { folder, cgroup: basename(folder) };
}

test("a run has a network of its own, and what it writes below /etc, /opt and /var goes with it", async () => {
  const o = await isolation();
  const script =
    'ip -o link >"$0/links"; touch /etc/planted /opt/planted /var/planted; ls /etc/planted >"$0/seen"; exit 7';
  expect(await runIsolated(["sh", "-c", script, o.folder], o, process.env)).toBe(7);
  expect((await readFile(join(o.folder, "links"), "utf8")).trim().split("\n")).toEqual([
    expect.stringContaining("lo:"),
  ]);
  expect(await readFile(join(o.folder, "seen"), "utf8")).toBe("/etc/planted\n");
  for (const folder of ["etc", "opt", "var"]) expect(existsSync(`/${folder}/planted`)).toBe(false);
  expect(await removeTraces(o)).toEqual([]);
  expect(existsSync(o.folder)).toBe(false);
});

test("processes that it leaves behind end with it", async () => {
  const o = await isolation();
  const script = `setsid sleep 4711 & echo started >"$0/started"`;
  expect(await runIsolated(["sh", "-c", script, o.folder], o, process.env)).toBe(0);
  expect(await removeTraces(o)).toEqual([]);
  expect(await running()).not.toContain("sleep\u00004711");
});

test("what is still there is said", async () => {
  const o = await isolation();
  // This process is in the namespace that the run is said to have had.
  await writeFile(join(o.folder, "namespace"), await readlink("/proc/self/ns/net"));
  expect(await removeTraces(o)).toContain(`process ${process.pid}`);
});

async function running(): Promise<string> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return (
    await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")))
  ).join("\n");
}
