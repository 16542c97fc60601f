import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { controlClient } from "../../lab/control-client.ts";
import { type RunningLab, startLab } from "../../lab/lab.ts";
import { createProxmoxClient } from "../../src/connect/proxmox/client.ts";
import { type TaskOptions, waitForTask } from "../../src/connect/proxmox/tasks.ts";
import type { ProxmoxClient } from "../../src/connect/proxmox/types.ts";
import { Secret } from "../../src/model/secret.ts";

// What the client does to a Proxmox: what is written arrives, and tasks are waited for.

let lab: RunningLab;
let control: ReturnType<typeof controlClient>;
let client: ProxmoxClient;

beforeAll(async () => {
  lab = await startLab({ guests: 2, sshPort: 0, taskSeconds: 0.05 });
  control = controlClient(lab.facts);
  client = createProxmoxClient({
    endpoint: lab.facts.endpoint,
    token: new Secret(lab.facts.tokens.terraform),
    tls: { kind: "ca-file", path: lab.facts.caFile },
    timeoutMs: 10_000,
  });
});
beforeEach(() => control.mend());
afterAll(async () => {
  client.close();
  await lab.close();
});

const vm = () => lab.world.guests["10001"];
const start = (action: string) => client.post(`nodes/pve1/qemu/10001/status/${action}`, {}, z.string());

function wait(upid: string, options: Partial<TaskOptions> = {}) {
  return waitForTask(client, upid, { timeoutMs: 30_000, ...options });
}

test("a change by put, and what it did", async () => {
  await client.put("nodes/pve1/qemu/10001/config", { description: "a & b = ü" }, z.null());
  expect(vm()?.config.description).toBe("a & b = ü");
});

test("a task is waited for to its end, and its log comes line by line", async () => {
  const lines: string[] = [];
  await expect(wait(await start("stop"), { onLine: (line) => lines.push(line) })).resolves.toEqual({
    warnings: 0,
  });
  expect(vm()?.status).toBe("stopped");
  expect(lines.at(-1)).toBe("TASK OK");
  await wait(await start("start"));
  expect(vm()?.status).toBe("running");
});

test("a delete, its parameters in the query, and its task", async () => {
  const snapshots = "nodes/pve1/qemu/10001/snapshot";
  await wait(await client.post(snapshots, { snapname: "before" }, z.string()));
  expect(Object.keys(vm()?.snapshots ?? {})).toEqual(["before"]);
  await wait(await client.delete(`${snapshots}/before`, z.string(), { query: { force: 1 } }));
  expect(vm()?.snapshots).toEqual({});
});

test("a task that fails has its own error", async () => {
  await control.break("task-fail");
  await expect(wait(await start("reboot"))).rejects.toMatchObject({
    code: "proxmox-task-failed",
    message: expect.stringContaining("qmreboot of 10001 on pve1 failed: command failed: exit code 255"),
  });
});

test("a task that hangs is left when its time is up, and when it is interrupted", async () => {
  await control.break("task-hang");
  const upid = await start("reboot");
  await expect(wait(upid, { timeoutMs: 200 })).rejects.toMatchObject({ code: "proxmox-task-timeout" });
  const controller = new AbortController();
  const left = wait(upid, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("interrupted")), 20);
  await expect(left).rejects.toMatchObject({ code: "proxmox-task-left", kind: "declined" });
  await client.delete(`nodes/pve1/tasks/${encodeURIComponent(upid)}`, z.null());
  await expect(wait(upid)).rejects.toMatchObject({
    code: "proxmox-task-failed",
    message: expect.stringContaining("interrupted by signal"),
  });
});

test("a write is made once: refused, it is not tried again", async () => {
  await control.clearRequests();
  await control.break("api-error");
  await expect(client.put("nodes/pve1/qemu/10001/config", { cores: 3 }, z.null())).rejects.toMatchObject({
    code: "proxmox-error",
  });
  await expect(client.delete("nodes/pve1/qemu/10001", z.string())).rejects.toMatchObject({
    code: "proxmox-error",
  });
  expect((await control.requests()).count).toBe(2);
});
