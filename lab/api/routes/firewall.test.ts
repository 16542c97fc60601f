import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 4 });
});
afterAll(() => api.close());

const bases = ["cluster", "nodes/pve1", "nodes/pve1/qemu/10001", "nodes/pve1/lxc/10004"].map(
  (level) => `${level}/firewall`,
);

test.each(bases)("%s: options are echoed, flags as numbers", async (base) => {
  const put = await api.call("PUT", `${base}/options`, {
    enable: 1,
    policy_in: "DROP",
    log_level_in: "info",
  });
  expect(put).toMatchObject({ status: 200, data: null });
  const { data } = await api.call("GET", `${base}/options`);
  const digest = expect.stringMatching(/^[0-9a-f]{40}$/);
  expect(data).toEqual({ enable: 1, policy_in: "DROP", log_level_in: "info", digest });
  await api.call("PUT", `${base}/options`, { delete: "log_level_in" });
  expect((await api.call("GET", `${base}/options`)).data).not.toHaveProperty("log_level_in");
});

test.each(bases)("%s: rules go in at the top, move, change, go", async (base) => {
  const rules = `${base}/rules`;
  for (const comment of ["c", "b", "a"]) {
    const rule = { action: "ACCEPT", type: "in", enable: 1, comment, dest: "", dport: "22" };
    expect((await api.call("POST", rules, rule)).status).toBe(200);
  }
  const comments = async () =>
    (await api.call("GET", rules)).data.map((rule: { comment: string }) => rule.comment).join("");
  expect(await comments()).toBe("abc");
  const { data } = await api.call("GET", rules);
  expect(data[1]).toMatchObject({ pos: 1, enable: 1, dport: "22" });
  expect(data[1]).not.toHaveProperty("dest");
  expect((await api.call("GET", `${rules}/1`)).data.pos).toBe("1");
  await api.call("PUT", `${rules}/0`, { moveto: 2 });
  expect(await comments()).toBe("bac");
  await api.call("PUT", `${rules}/0`, { moveto: 9 });
  expect(await comments()).toBe("acb");
  await api.call("PUT", `${rules}/0`, { comment: "z", delete: "dport" });
  expect((await api.call("GET", `${rules}/0`)).data).not.toHaveProperty("dport");
  await api.call("DELETE", `${rules}/1`);
  expect(await comments()).toBe("zb");
  expect((await api.call("GET", `${rules}/7`)).reason).toBe("no rule at position 7");
});

test("a security group: empty at first, renamed by the same call, removed when empty", async () => {
  const groups = "cluster/firewall/groups";
  await api.call("POST", groups, { group: "web", comment: "http" });
  expect((await api.call("GET", `${groups}/web`)).data).toEqual([]);
  await api.call("POST", `${groups}/web`, { action: "ACCEPT", type: "in" });
  await api.call("POST", groups, { group: "www", rename: "web" });
  expect((await api.call("GET", groups)).data).toMatchObject([{ group: "www", comment: "http" }]);
  expect((await api.call("DELETE", `${groups}/www`)).reason).toContain("not empty");
  await api.call("DELETE", `${groups}/www/0`);
  expect((await api.call("DELETE", `${groups}/www`)).status).toBe(200);
  expect((await api.call("DELETE", `${groups}/www`)).reason).toContain("no such security group");
});

test("reading needs audit, writing needs more", async () => {
  const call = api.as({ "/": ["Sys.Audit", "VM.Audit"] });
  for (const base of bases) {
    expect((await call("GET", `${base}/options`)).status).toBe(200);
    expect((await call("PUT", `${base}/options`, { enable: 0 })).status).toBe(403);
  }
});

test.each(["qemu", "lxc"])("%s: a guest that does not exist has an empty firewall", async (kind) => {
  const base = `nodes/pve1/${kind}/777/firewall`;
  // The digest of nothing.
  const digest = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
  expect(await api.call("GET", `${base}/options`)).toMatchObject({ status: 200, data: { digest } });
  expect(await api.call("GET", `${base}/rules`)).toMatchObject({ status: 200, data: [] });
  expect((await api.call("GET", `${base}/rules/0`)).reason).toBe("no rule at position 0");
  expect(api.lab.world.firewall.withoutGuest?.[777]).toBeUndefined();

  const otherUser = api.as({ "/vms/10001": ["VM.Audit"] });
  expect((await otherUser("GET", `${base}/rules`)).status).toBe(403);
});

test("a firewall written before its guest waits for it; a clone has that of its source instead", async () => {
  const rule = (comment: string) => ({ action: "DROP", type: "in", comment });
  const comments = async (vmid: number) =>
    (await api.call("GET", `nodes/pve1/qemu/${vmid}/firewall/rules`)).data.map(
      (one: { comment: string }) => one.comment,
    );
  for (const vmid of [778, 779]) {
    const base = `nodes/pve1/qemu/${vmid}/firewall`;
    await api.call("PUT", `${base}/options`, { enable: 1 });
    await api.call("POST", `${base}/rules`, rule("early"));
  }
  await api.task("POST", "nodes/pve1/qemu", { vmid: 778 });
  expect(await comments(778)).toEqual(["early"]);

  await api.call("POST", "nodes/pve1/qemu/9000/firewall/rules", rule("template"));
  await api.task("POST", "nodes/pve1/qemu/9000/clone", { newid: 779 });
  expect(await comments(779)).toEqual(["template"]);
  expect(api.lab.world.firewall.withoutGuest).toEqual({});
});
