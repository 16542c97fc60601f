import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../../lab/api/testing.ts";
import { resolveGuestImage } from "../../tools/guest-image/resolve.ts";

// Power of a machine with an empty disk: it reacts to nothing.

let api: ApiUnderTest;
const vm = "nodes/pve1/qemu/600";

beforeAll(async () => {
  api = await apiUnderTest({ machines: await resolveGuestImage() });
  await api.task("POST", "nodes/pve1/qemu", { vmid: 600, name: "empty", scsi0: "local-lvm:1", memory: 64 });
});
beforeEach(async () => {
  if (api.lab.world.guests[600]?.status === "stopped") expect(await power("start")).toBe("OK");
});
afterAll(() => api?.close());

const power = (action: string, parameters = {}) => api.task("POST", `${vm}/status/${action}`, parameters);
const status = async () => (await api.call("GET", `${vm}/status/current`)).data.status;
const pid = () => api.lab.world.guests[600]?.pid ?? 0;
const runs = (process: number) => {
  try {
    return globalThis.process.kill(process, 0);
  } catch {
    return false;
  }
};

test("one that does not shut down in time runs on, unless it may be forced", async () => {
  const before = pid();
  expect(await power("shutdown", { timeout: 1 })).toBe("VM quit/powerdown failed - got timeout");
  expect(await status()).toBe("running");
  expect(runs(before)).toBe(true);
  expect(await power("shutdown", { timeout: 1, forceStop: 1 })).toBe("OK");
  expect(await status()).toBe("stopped");
  expect(runs(before)).toBe(false);
});

test("an agent that does not answer is no way to shut down", async () => {
  await power("stop");
  await api.call("PUT", `${vm}/config`, { agent: "1" });
  await power("start");
  expect(await power("shutdown", { timeout: 1 })).toBe("QEMU guest agent is not running");
  expect((await api.call("POST", `${vm}/agent/ping`)).reason).toBe("QEMU guest agent is not running");
  await api.call("PUT", `${vm}/config`, { delete: "agent" });
  await power("stop");
});

test("a reset and a pause keep the process; a reboot that the guest does not obey is an error", async () => {
  const before = pid();
  for (const action of ["reset", "suspend", "resume"]) expect(await power(action)).toBe("OK");
  expect(pid()).toBe(before);
  await api.call("PUT", `${vm}/config`, { memory: "128" });
  expect(await power("reboot", { timeout: 1 })).toBe("VM quit/powerdown failed - got timeout");
  await power("stop");
  await power("start");
  expect(pid()).not.toBe(before);
});

test("a snapshot of a running machine leaves it running", async () => {
  const before = pid();
  expect(await api.task("POST", `${vm}/snapshot`, { snapname: "live" })).toBe("OK");
  expect(pid()).toBe(before);
  expect(runs(before)).toBe(true);
  expect(await api.task("POST", `${vm}/snapshot/live/rollback`)).toBe("OK");
  expect(await status()).toBe("stopped");
  await expect.poll(() => runs(before)).toBe(false);
});

test("a disk of a running machine is not moved", async () => {
  const { reason } = await api.call("POST", `${vm}/move_disk`, { disk: "scsi0", storage: "local" });
  expect(reason).toBe("the lab cannot move a disk of a running machine");
});

test("a snippet that is missing keeps the machine from starting", async () => {
  await power("stop");
  await api.call("PUT", `${vm}/config`, {
    ide2: "local-lvm:cloudinit",
    cicustom: "user=local:snippets/none.yaml",
  });
  expect(await power("start")).toContain("volume 'local:snippets/none.yaml' does not exist");
  expect(await status()).toBe("stopped");
  await api.call("PUT", `${vm}/config`, { delete: "cicustom,ide2" });
});
