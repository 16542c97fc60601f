import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../api/testing.ts";

let api: ApiUnderTest;
let asRoot: Record<string, string>;
beforeAll(async () => {
  api = await apiUnderTest();
  const { username, password } = api.lab.facts.root;
  const body = new URLSearchParams({ username, password }).toString();
  const { data } = await api.raw("POST", "access/ticket", form, body);
  asRoot = { ...form, Cookie: `PVEAuthCookie=${data.ticket}`, CSRFPreventionToken: data.CSRFPreventionToken };
});
afterAll(() => api.close());

const form = { "Content-Type": "application/x-www-form-urlencoded" };

/** Sends as root@pam, which alone may set bind mounts, and waits for the task; its exit status. */
async function task(path: string, parameters: Record<string, string> = {}): Promise<string> {
  const body = new URLSearchParams(parameters).toString();
  const { data, reason } = await api.raw("POST", path, asRoot, body);
  if (!/^UPID:/.test(String(data))) throw new Error(reason);
  for (;;) {
    const status = await api.call("GET", `nodes/pve1/tasks/${encodeURIComponent(data)}/status`);
    if (status.data.status === "stopped") return status.data.exitstatus;
  }
}

const create = (vmid: number, mp0: string) =>
  task("nodes/pve1/lxc", {
    vmid: String(vmid),
    ostemplate: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst",
    storage: "local-lvm",
    mp0,
  });

test("a bind mount is a directory of the node, without a size", async () => {
  expect(await create(301, "/srv,mp=/srv")).toBe("OK");
  expect(await create(302, "/var/lib/vz/template/iso,mp=/iso,ro=1")).toBe("OK");
  expect(api.lab.world.guests[301]?.config.mp0).toBe("/srv,mp=/srv");
});

test.each(["/srv:8", "/tank/media:8", "/tank/media"])(
  "not made: a container that binds %s",
  async (source) => {
    expect(await create(303, `${source},mp=/media`)).toBe(`directory '${source}' does not exist`);
    expect(api.lab.world.guests[303]).toBeUndefined();
  },
);

test("Proxmox looks for the directory at every start, not when it is set", async () => {
  expect(await create(304, "/srv,mp=/srv")).toBe("OK");
  const set = new URLSearchParams({ mp1: "/tank/media,mp=/media" }).toString();
  expect((await api.raw("PUT", "nodes/pve1/lxc/304/config", asRoot, set)).status).toBe(200);
  expect(await task("nodes/pve1/lxc/304/status/start")).toBe("directory '/tank/media' does not exist");
  expect(api.lab.world.guests[304]?.status).toBe("stopped");
});
