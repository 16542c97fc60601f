import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 2 });
});
beforeEach(() => api.control.mend());
afterAll(() => api.close());

const agent = (command: string, method = "GET", vmid = 10_001) =>
  api.call(method, `nodes/pve1/qemu/${vmid}/agent/${command}`);

test("it answers from the guest's state", async () => {
  expect((await agent("ping", "POST")).data).toEqual({ result: {} });
  expect((await agent("get-host-name")).data.result).toEqual({ "host-name": "web-001" });
  const { result } = (await agent("network-get-interfaces")).data;
  expect(result[0]).toMatchObject({ name: "lo" });
  const addresses = result[1]["ip-addresses"].map((one: Record<string, unknown>) => one["ip-address"]);
  expect(addresses[0]).toBe("127.20.0.1");
  expect(addresses[1]).toMatch(/^fd6c:/);
  expect((await agent("network-get-interfaces")).data).toEqual({ result });
});

test("it reads the host key, and nothing that is not there", async () => {
  const guest = api.lab.world.guests["10001"];
  const { data } = await agent("file-read?file=/etc/ssh/ssh_host_ed25519_key.pub");
  expect(data.content).toBe(`${guest?.inside.hostKey.publicKey} root@web-001\n`);
  expect((await agent("file-read?file=/etc/shadow")).reason).toContain("No such file or directory");
});

test("the refusals of Proxmox: not configured, not running, not answering", async () => {
  await api.control.break("agent-silent", "web-001");
  expect((await agent("ping", "POST")).reason).toBe("QEMU guest agent is not running");
  await api.control.mend();
  await api.control.break("booting", "web-001");
  expect((await agent("ping", "POST")).reason).toBe("QEMU guest agent is not running");
  await api.control.mend();
  await api.control.stop("web-002");
  expect((await agent("ping", "POST", 10_002)).reason).toBe("VM 10002 is not running");
  await api.control.config("web-002", { agent: null });
  expect((await agent("ping", "POST", 10_002)).reason).toBe("No QEMU guest agent configured");
});

const exec = async (...command: string[]) => {
  const path = "nodes/pve1/qemu/10001/agent/exec";
  const { data } = await api.call("POST", path, { command });
  return (await agent(`exec-status?pid=${data.pid}`)).data;
};

test("a command is answered from the guest's state, as root; an unknown one is not found", async () => {
  expect(await exec("hostname")).toEqual({ exited: 1, exitcode: 0, "out-data": "web-001\n" });
  expect(await exec("/bin/sh", "-c", "id -un; exit 3")).toEqual({
    exited: 1,
    exitcode: 3,
    "out-data": "root\n",
  });
  expect(await exec("make-coffee")).toMatchObject({ exitcode: 127 });
  expect((await agent("exec-status?pid=1")).reason).toBe("Agent error: Invalid parameter 'pid'");
  expect((await agent("exec", "POST")).status).toBe(400);
});

test("a file that is written is there, its content as it is or already encoded", async () => {
  const write = (parameters: Record<string, string>) =>
    api.call("POST", "nodes/pve1/qemu/10001/agent/file-write", { file: "/etc/motd", ...parameters });
  const read = async () => (await agent("file-read?file=/etc/motd")).data.content;
  expect((await write({ content: "hello\n" })).data).toBeNull();
  expect(await read()).toBe("hello\n");
  await write({ content: Buffer.from("again\n").toString("base64"), encode: "0" });
  expect(await read()).toBe("again\n");
  expect((await write({ content: "x".repeat(60 * 1024 + 1) })).status).toBe(400);
});

test("reading, writing and commands each take their own privilege", async () => {
  const reader = api.as({ "/vms": ["VM.GuestAgent.FileRead"] });
  const base = "nodes/pve1/qemu/10001/agent";
  expect((await reader("GET", `${base}/file-read?file=/etc/hostname`)).status).toBe(200);
  expect((await reader("POST", `${base}/file-write`, { file: "/etc/motd", content: "x" })).status).toBe(403);
  expect((await reader("POST", `${base}/exec`, { command: "true" })).status).toBe(403);
});
