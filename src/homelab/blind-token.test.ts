import { expect, test } from "vitest";
import type { ProxmoxClient } from "../connect/proxmox/types.ts";
import { type Entry, entry, planJson, vmValues } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import { refuseBlindPlan } from "./blind-token.ts";

/** What is said of a plan by a token with these permissions, and how often Proxmox was asked. */
async function look(tree: Record<string, string[]>, parts: { drift?: Entry[]; changes?: Entry[] }) {
  let asked = 0;
  const client: Pick<ProxmoxClient, "get"> = {
    async get(_path, schema) {
      asked += 1;
      const ones = (names: string[]) => Object.fromEntries(names.map((name) => [name, 1]));
      return schema.parse(
        Object.fromEntries(Object.entries(tree).map(([path, names]) => [path, ones(names)])),
      );
    },
  };
  const lists = { drift: (parts.drift ?? []).map(entry), changes: (parts.changes ?? []).map(entry) };
  const refusal = await refuseBlindPlan(client as ProxmoxClient)(readPlan(planJson(lists))).then(
    () => undefined,
    (problem: unknown) => problem,
  );
  return { refusal, asked };
}

const gone: Entry = { actions: ["delete"], before: vmValues() };
const made: Entry = { actions: ["create"], after: vmValues() };
const file = (content_type: string): Entry => ({
  type: "proxmox_virtual_environment_file",
  actions: ["delete"],
  before: { datastore_id: "local", content_type },
});

test.each<[string, Record<string, string[]>, { drift?: Entry[]; changes?: Entry[] }, string]>([
  ["a guest that is gone", { "/": ["Sys.Audit"] }, { drift: [gone] }, "VM.Audit on /vms/201"],
  ["a guest to be made", {}, { changes: [made] }, "VM.Audit on /vms/201"],
  ["a deeper path", { "/": ["VM.Audit"], "/vms/201": [] }, { drift: [gone] }, "VM.Audit on /vms/201"],
  [
    "a snippet that is gone",
    { "/": ["Datastore.Audit"] },
    { drift: [file("snippets")] },
    "Datastore.Allocate on /storage/local",
  ],
  ["an image that is gone", {}, { drift: [file("import")] }, "Datastore.Audit or Datastore.AllocateSpace"],
])("%s, and a token that could not see it", async (_, tree, parts, missing) => {
  expect((await look(tree, parts)).refusal).toMatchObject({
    code: "proxmox-forbidden",
    message: expect.stringContaining(`lacks ${missing}`),
  });
});

test.each<[string, Record<string, string[]>, { drift?: Entry[]; changes?: Entry[] }]>([
  [
    "who sees it, is believed",
    { "/": ["VM.Audit"], "/vms": ["VM.Audit"] },
    { drift: [gone], changes: [made] },
  ],
  [
    "a pool grants for what is made in it",
    {},
    { changes: [{ ...made, after: vmValues({ pool_id: "web" }) }] },
  ],
])("%s", async (_, tree, parts) => {
  expect((await look(tree, parts)).refusal).toBeUndefined();
});

test("a plan in which nothing is made or gone asks nothing", async () => {
  const same: Entry = { actions: ["update"], before: vmValues(), after: vmValues({ name: "x" }) };
  expect(await look({}, { changes: [same], drift: [same] })).toEqual({ refusal: undefined, asked: 0 });
});
