import { describe, expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { entry, planJson, threeWay, vmType, vmValues, webAddress } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import { verdictsOf } from "./verdicts.ts";

const judge = (plan: JsonObject) => verdictsOf(readPlan(plan)).judgements;
const short = (plan: JsonObject) =>
  judge(plan).map(({ verdict, changes }) => [verdict, ...changes.map(({ path }) => path)]);
const memory = (dedicated: number) => ({ memory: [{ dedicated, floating: 0, shared: 0 }] });
const cores = (count: number) => ({ cpu: [{ cores: count, sockets: 1, type: "x86-64-v2-AES", flags: [] }] });

describe("one VM: in the state, found, wanted", () => {
  const state = vmValues();

  test("edited by hand: outside, with what the code says and what was found", () => {
    expect(judge(threeWay({ state, found: vmValues(cores(4)), wanted: state }))).toEqual([
      {
        verdict: "outside",
        address: webAddress,
        type: vmType,
        changes: [{ path: "cpu[0].cores", before: 2, after: 4 }],
      },
    ]);
  });

  test("a creation that did not finish: what differs was changed by no hand", () => {
    const found = vmValues(cores(4));
    const tainted = { actions: ["delete", "create"], reason: "replace_because_tainted" };
    const plan = planJson({
      drift: [entry({ actions: ["update"], before: state, after: found })],
      changes: [entry({ ...tainted, before: found, after: state })],
    });
    expect(judge(plan)).toEqual([
      {
        verdict: "pending",
        address: webAddress,
        type: vmType,
        changes: [{ path: "cpu[0].cores", before: 4, after: 2 }],
        effect: { kind: "replace", why: "its last creation did not finish" },
      },
    ]);
  });

  test("edited in code: pending", () => {
    expect(judge(threeWay({ state, found: state, wanted: vmValues(memory(4096)) }))).toEqual([
      {
        verdict: "pending",
        address: webAddress,
        type: vmType,
        changes: [{ path: "memory[0].dedicated", before: 2048, after: 4096 }],
      },
    ]);
  });

  test("both, on different attributes: two verdicts", () => {
    const plan = threeWay({ state, found: vmValues(cores(4)), wanted: vmValues(memory(4096)) });
    expect(short(plan)).toEqual([
      ["outside", "cpu[0].cores"],
      ["pending", "memory[0].dedicated"],
    ]);
  });

  test("both, on the same attribute: outside, and the code's new value is what counts", () => {
    const plan = threeWay({ state, found: vmValues(memory(3072)), wanted: vmValues(memory(4096)) });
    expect(judge(plan)[0]?.changes).toEqual([{ path: "memory[0].dedicated", before: 4096, after: 3072 }]);
  });

  test("a hand edit that equals the code is none, and reported as lagging state", () => {
    const edited = vmValues(memory(4096));
    const verdicts = verdictsOf(readPlan(threeWay({ state, found: edited, wanted: edited })));
    expect(verdicts).toEqual({
      judgements: [],
      lagging: [{ address: webAddress, attributes: ["memory"] }],
      moved: [],
    });
  });

  test("another address from the agent is none", () => {
    const found = vmValues({ ipv4_addresses: [["127.0.0.1"], ["192.168.1.99"]] });
    const plan = threeWay({ state, found, wanted: found });
    expect(verdictsOf(readPlan(plan))).toEqual({
      judgements: [],
      lagging: [{ address: webAddress, attributes: ["ipv4_addresses"] }],
      moved: [],
    });
  });

  test("addresses that are unknown because something else changes are no change of their own", () => {
    const found = vmValues({ ipv4_addresses: [["127.0.0.1"], ["192.168.1.99"]] });
    const wanted = { ...vmValues(memory(4096)) };
    delete wanted.ipv4_addresses;
    const plan = threeWay({ state, found, wanted, unknown: { ipv4_addresses: true } });
    expect(short(plan)).toEqual([["pending", "memory[0].dedicated"]]);
    const byHand = threeWay({
      state,
      found: { ...found, ...cores(4) },
      wanted: found,
      unknown: { ipv4_addresses: true },
    });
    expect(short(byHand)).toEqual([["outside", "cpu[0].cores"]]);
  });

  test("an unknown value that the code gives is pending", () => {
    const plan = threeWay({ state, found: state, wanted: state, unknown: { hook_script_file_id: true } });
    expect(judge(plan)[0]?.changes).toEqual([{ path: "hook_script_file_id", after: "(known after apply)" }]);
  });

  test("a tag added by hand, another one in code: one attribute, changed outside", () => {
    const plan = threeWay({
      state,
      found: vmValues({ tags: ["docker", "hand", "web"] }),
      wanted: vmValues({ tags: ["docker", "new", "web"] }),
    });
    expect(short(plan)).toEqual([["outside", "tags"]]);
  });

  test("a disk added by hand is one change", () => {
    const disk = [
      { interface: "scsi0", size: 20, datastore_id: "local-lvm" },
      { interface: "scsi1", size: 5, datastore_id: "local-lvm" },
    ];
    const [finding] = judge(threeWay({ state, found: vmValues({ disk }), wanted: state }));
    expect(finding?.changes).toEqual([{ path: "disk[1]", after: disk[1] }]);
  });

  test("edited by hand in a block that the code drops: both", () => {
    const startup = (order: number) => ({ startup: [{ order, up_delay: 0 }] });
    const plan = threeWay({ state: vmValues(startup(1)), found: vmValues(startup(5)), wanted: state });
    expect(judge(plan).map(({ verdict, changes }) => ({ verdict, changes }))).toEqual([
      { verdict: "outside", changes: [{ path: "startup[0].order", after: 5 }] },
      { verdict: "pending", changes: [{ path: "startup[0]", before: { order: 5, up_delay: 0 } }] },
    ]);
  });

  test("an empty list for null, or an update that only marks something sensitive, is none", () => {
    expect(judge(threeWay({ state, found: state, wanted: vmValues({ startup: null }) }))).toEqual([]);
    expect(
      judge(planJson({ changes: [entry({ actions: ["update"], before: state, after: state })] })),
    ).toEqual([]);
  });

  test("sensitive values are never shown", () => {
    const account = (password: string) => ({
      initialization: [{ user_account: [{ username: "ubuntu", password }] }],
    });
    const sensitive = { initialization: [{ user_account: [{ password: true }] }] };
    const sides = [
      vmValues(account("one-secret")),
      vmValues(account("two-secret")),
      vmValues(account("one-secret")),
    ];
    const plan = planJson({
      drift: [entry({ actions: ["update"], before: sides[0] ?? null, after: sides[1] ?? null, sensitive })],
      changes: [entry({ actions: ["update"], before: sides[1] ?? null, after: sides[2] ?? null, sensitive })],
    });
    expect(judge(plan)[0]?.changes).toEqual([
      { path: "initialization[0].user_account[0].password", before: "(sensitive)", after: "(sensitive)" },
    ]);
    expect(JSON.stringify(judge(plan))).not.toContain("-secret");
  });
});

describe("what comes and goes", () => {
  const state = vmValues();

  test("gone from Proxmox: deleted", () => {
    const plan = planJson({
      drift: [entry({ actions: ["delete"], before: state })],
      changes: [entry({ actions: ["create"], after: state, unknown: { id: true } })],
    });
    expect(short(plan)).toEqual([["deleted"]]);
  });

  test("gone from Proxmox and from the code: none", () => {
    const verdicts = verdictsOf(
      readPlan(planJson({ drift: [entry({ actions: ["delete"], before: state })] })),
    );
    expect(verdicts).toEqual({ judgements: [], lagging: [], moved: [] });
  });

  test.each<[string, JsonObject, object]>([
    ["created in code", entry({ actions: ["create"], after: state }), { kind: "create" }],
    [
      "removed from the code",
      entry({ actions: ["delete"], before: state, reason: "delete_because_each_key" }),
      { kind: "delete", why: "for_each no longer has its key" },
    ],
    [
      "left over from a replacement",
      entry({ actions: ["delete"], before: state, deposed: "ab12cd34" }),
      { kind: "delete", why: "it is left over from an interrupted replacement" },
    ],
    ["removed block that keeps it", entry({ actions: ["forget"], before: state }), { kind: "forget" }],
    [
      "import block",
      entry({ actions: ["no-op"], before: state, after: state, importing: { id: "pve1/201" } }),
      { kind: "adopt", id: "pve1/201" },
    ],
    [
      "creation that did not finish",
      entry({
        actions: ["delete", "create"],
        before: state,
        after: state,
        reason: "replace_because_tainted",
      }),
      { kind: "replace", why: "its last creation did not finish" },
    ],
  ])("%s: pending", (_, change, effect) => {
    const judgements = judge(planJson({ changes: [change] }));
    expect(judgements.map(({ verdict, effect: found }) => ({ verdict, effect: found }))).toEqual([
      { verdict: "pending", effect },
    ]);
  });

  test("a replacement is reported where its cause is", () => {
    const moved = vmValues({ node_name: "pve2" });
    const facts = { replacePaths: [["node_name"]], unknown: { id: true } };
    const why = "node_name cannot be changed in place";
    const byCode = planJson({
      changes: [entry({ actions: ["delete", "create"], before: state, after: moved, ...facts })],
    });
    expect(judge(byCode)).toMatchObject([{ verdict: "pending", effect: { kind: "replace", why } }]);
    const byHand = planJson({
      drift: [entry({ actions: ["update"], before: state, after: moved })],
      changes: [
        entry({ actions: ["create", "delete"], before: moved, after: vmValues(memory(4096)), ...facts }),
      ],
    });
    expect(judge(byHand)).toMatchObject([
      { verdict: "outside", changes: [{ path: "node_name" }], effect: { kind: "replace", why } },
      { verdict: "pending", changes: [{ path: "memory[0].dedicated" }] },
    ]);
  });

  test("a move is no drift, and drift is found at the new address", () => {
    const address = `module.vms["www"].${vmType}.this`;
    const renamed = { address, previousAddress: webAddress };
    const quiet = planJson({
      changes: [entry({ ...renamed, actions: ["no-op"], before: state, after: state })],
    });
    expect(verdictsOf(readPlan(quiet))).toEqual({ judgements: [], lagging: [], moved: [address] });
    const found = vmValues(cores(4));
    const edited = planJson({
      drift: [entry({ ...renamed, actions: ["update"], before: state, after: found })],
      changes: [entry({ ...renamed, actions: ["update"], before: found, after: state })],
    });
    expect(judge(edited)).toMatchObject([{ verdict: "outside", address }]);
  });

  test("outputs and data sources are no drift", () => {
    const source = { address: "data.proxmox_x.y", type: "proxmox_x", mode: "data" } as const;
    const plan = planJson({ changes: [entry({ ...source, actions: ["read"], after: {} })] });
    expect(verdictsOf(readPlan(plan))).toEqual({ judgements: [], lagging: [], moved: [] });
  });
});
