import { expect, test } from "vitest";
import type { CallOptions } from "../../connect/proxmox/types.ts";
import { Problem } from "../../model/problem.ts";
import type { ApiComponent } from "../component.ts";
import { contextOf, fakeProxmox, guestComponent } from "../health.test-helper.ts";
import { runFor } from "../run-for.ts";
import { api } from "./api.ts";

const component: ApiComponent = { type: "api", name: "10.0.0.2:8006", endpoint: "https://10.0.0.2:8006" };
const rows = [
  { type: "cluster", name: "home" },
  { type: "node", name: "pve1", ip: "10.0.0.1" },
  { type: "node", name: "pve2", ip: "10.0.0.2" },
];

const problem = (code: string, hint?: string) =>
  new Problem({ kind: "undetermined", code, message: "no", ...(hint === undefined ? {} : { hint }) });
const failing = (error: Problem) => () => Promise.reject(error);

function judge(replies: Record<string, unknown>, facts: Partial<ApiComponent> = {}) {
  const context = contextOf({ proxmox: () => fakeProxmox(replies) });
  return api.run({ ...component, ...facts }, context);
}

test("an endpoint that answers is ok, and was asked alone, within the check's time", async () => {
  const asked: CallOptions[] = [];
  const client = fakeProxmox({ version: { version: "9.1.1", release: "9.1" } });
  const context = contextOf({
    proxmox: () => ({
      ...client,
      get: (path, schema, options = {}) => {
        asked.push(options);
        return client.get(path, schema, options);
      },
    }),
  });
  expect(await api.run(component, context)).toEqual({ status: "ok", detail: "answers, Proxmox VE 9.1.1" });
  expect(asked).toMatchObject([{ endpoint: component.endpoint, signal: context.signal }]);
  expect(asked[0]?.limitMs).toBeLessThan(context.deadline - context.clock.now());
});

test.each(["proxmox-unreachable", "proxmox-timeout", "proxmox-tls"])("%s is a failure", async (code) => {
  const outcome = await judge({ version: failing(problem(code, "pin it")), "cluster/status": rows });
  expect(outcome).toEqual({
    status: "fail",
    detail: "node pve2: no",
    expected: "answers",
    actual: "no answer",
    code,
    hint: code === "proxmox-tls" ? "pin it" : "on pve2: systemctl status pveproxy",
  });
});

test.each([
  ["https://pve1.lan:8006", rows, "node pve1: no"],
  ["https://pve2:8006", rows, "node pve2: no"],
  ["https://[fd00::2]:8006", [{ type: "node", name: "pve2", ip: "fd00::2" }], "node pve2: no"],
  ["https://10.0.0.9:8006", rows, "no"],
  ["https://10.0.0.2:8006", [...rows, { type: "node", name: "pve3", ip: "10.0.0.2" }], "no"],
  ["https://10.0.0.2:8006", failing(problem("proxmox-forbidden")), "no"],
])("%s is named by its node where one is known", async (endpoint, nodes, detail) => {
  const replies = { version: failing(problem("proxmox-unreachable")), "cluster/status": nodes };
  expect(await judge(replies, { endpoint })).toMatchObject({ status: "fail", detail });
});

test("where no other answers either, it may be our own network; a refusal is an answer", async () => {
  const away = failing(problem("proxmox-unreachable"));
  await expect(judge({ version: away, "cluster/status": away })).rejects.toMatchObject({
    code: "proxmox-unreachable",
  });
  await expect(judge({ version: failing(problem("proxmox-unauthorized")) })).rejects.toMatchObject({
    code: "proxmox-unauthorized",
  });
});

test("applies to endpoints alone", () => {
  expect(runFor(api, component)).toBeDefined();
  expect(runFor(api, { type: "node", name: "pve1" })).toBeUndefined();
  expect(runFor(api, guestComponent({}))).toBeUndefined();
});
