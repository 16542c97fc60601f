import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "./testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
});
afterAll(() => api.close());

const form = { "Content-Type": "application/x-www-form-urlencoded" };

test.each([
  ["no credentials", {}, "No ticket"],
  ["an unknown token", { Authorization: "PVEAPIToken=a@pve!b=c" }, "no such token 'b' for user 'a@pve'"],
  ["a forged ticket", { Cookie: "PVEAuthCookie=PVE:root@pam:6000AAAA::AAAA" }, "invalid PVE ticket"],
])("%s: 401 without a body", async (_, headers, reason) => {
  const answer = await api.raw("GET", "version", headers as Record<string, string>);
  expect(answer).toMatchObject({ status: 401, reason, body: undefined });
});

test("a wrong secret and an unknown token are refused differently", async () => {
  const id = api.lab.facts.tokens.monitor.split("=")[0];
  const answer = await api.raw("GET", "version", { Authorization: `PVEAPIToken=${id}=wrong` });
  expect(answer).toMatchObject({ status: 401, reason: "invalid token value!" });
});

async function logIn() {
  const { username, password } = api.lab.facts.root;
  const body = new URLSearchParams({ username, password }).toString();
  const { data } = await api.raw("POST", "access/ticket", form, body);
  return data as { ticket: string; CSRFPreventionToken: string; username: string };
}

test("password, ticket, cookie; a change needs the CSRF token too", async () => {
  const { ticket, CSRFPreventionToken, username } = await logIn();
  expect(username).toBe("root@pam");
  const cookie = { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` };
  expect((await api.raw("GET", "version", cookie)).data.version).toBe("9.1.1");
  const body = "poolid=web";
  expect(await api.raw("POST", "pools", { ...cookie, ...form }, body)).toMatchObject({ status: 401 });
  const answer = await api.raw("POST", "pools", { ...cookie, ...form, CSRFPreventionToken }, body);
  expect(answer).toMatchObject({ status: 200, data: null });
});

test("a ticket renews itself in the password's place, a wrong password is refused", async () => {
  const { ticket } = await logIn();
  const renew = new URLSearchParams({ username: "root@pam", password: ticket }).toString();
  expect((await api.raw("POST", "access/ticket", form, renew)).status).toBe(200);
  const wrong = await api.raw("POST", "access/ticket", form, "username=root@pam&password=guess");
  expect(wrong).toMatchObject({ status: 401, reason: "authentication failure" });
});

test("a missing privilege is named with its path, in body and reason phrase", async () => {
  const monitor = api.as({ "/": ["VM.Audit"] });
  const answer = await monitor("POST", "nodes/pve1/qemu/9000/clone", { newid: 150 });
  const message = "Permission check failed (/vms/9000, VM.Clone)";
  expect(answer).toMatchObject({
    status: 403,
    reason: message,
    body: { data: null, message: `${message}\n` },
  });
});

test("an ACL deeper down replaces what is above it", async () => {
  const call = api.as({ "/": ["VM.Audit"], "/vms/9000": ["VM.Console"] });
  expect((await call("GET", "nodes/pve1/qemu/9000/config")).status).toBe(403);
});

test("unknown paths and methods: 501", async () => {
  expect(await api.call("GET", "nosuch")).toMatchObject({
    status: 501,
    body: { message: "Method 'GET /nosuch' not implemented\n" },
  });
  expect((await api.call("DELETE", "version")).status).toBe(501);
});

test("a missing parameter: 400 with its name", async () => {
  const answer = await api.call("POST", "nodes/pve1/qemu/9000/clone", {});
  expect(answer).toMatchObject({ status: 400, body: { errors: { newid: expect.any(String) } } });
});

test("the three tokens may do what their names say", async () => {
  const can = async (token: string, method: string, path: string) =>
    (await api.raw(method, path, { Authorization: `PVEAPIToken=${token}` })).status;
  const { monitor, exporter, terraform } = api.lab.facts.tokens;
  const read = "nodes/pve1/qemu/9000/agent/file-read?file=/etc/hostname";
  expect(await can(exporter, "GET", read)).toBe(403);
  // Allowed, and then refused by the guest, which is a template.
  expect(await can(monitor, "GET", read)).toBe(500);
  expect(await can(monitor, "POST", "nodes/pve1/qemu/9000/status/start")).toBe(403);
  expect(await can(terraform, "GET", "cluster/backup-info/not-backed-up")).toBe(200);
});
