import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "./testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ nodes: ["pve1", "pve2"] });
});
beforeEach(() => api.control.mend());
afterAll(() => api.close());

const status = "nodes/pve2/status";

test("each node has an API of its own, and each answers for the whole cluster", async () => {
  const { apis, endpoint } = api.lab.facts;
  expect(apis.map(({ node }) => node)).toEqual(["pve1", "pve2"]);
  expect(apis[0]?.endpoint).toBe(endpoint);
  const localAt = async (node: string) => {
    const rows = (await api.at(node)("GET", "cluster/status")).data as { name: string; local?: number }[];
    return rows.find(({ local }) => local === 1)?.name;
  };
  expect(await localAt("pve1")).toBe("pve1");
  expect(await localAt("pve2")).toBe("pve2");
  expect((await api.at("pve2")("GET", "nodes/pve1/status")).status).toBe(200);
  expect((await api.control.requests()).requests.at(-1)).toMatchObject({ node: "pve2" });
});

test.each([
  ["api-down", "Connection refused", 1],
  ["node-offline", "No route to host", 0],
])("%s takes the API of one node away", async (fault, reason, online) => {
  await api.control.break(fault, "pve2");
  await expect(api.at("pve2")("GET", "version")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(await api.call("GET", status)).toMatchObject({ status: 595, reason });
  expect((await api.call("GET", "cluster/status")).data[2]).toMatchObject({ name: "pve2", online });
  await api.control.mend();
  expect((await api.at("pve2")("GET", "version")).status).toBe(200);
});

test("an API that hangs at one node holds what is asked there, and what others pass on to it", async () => {
  await api.control.break("api-hang", "pve2");
  const answers: string[] = [];
  const held = [api.at("pve2")("GET", "version"), api.call("GET", status)].map((call) =>
    call.then(
      () => answers.push("answered"),
      () => answers.push("cut"),
    ),
  );
  expect((await api.call("GET", "version")).status).toBe(200);
  expect((await api.call("GET", "nodes/pve1/status")).status).toBe(200);
  expect(answers).toEqual([]);
  await api.control.mend();
  await Promise.all(held);
  expect(answers).toEqual(["cut", "cut"]);
});
