import { expect, test } from "vitest";
import { z } from "zod";
import type { SshClient } from "../connect/ssh/types.ts";
import type { HealthReport } from "../model/health.ts";
import type { ApiCheck, Outcome, QuestionCheck } from "./check.ts";
import { settingsSchemaOf } from "./check-settings.ts";
import { docker } from "./checks/docker.ts";
import { node } from "./checks/node.ts";
import { proxmox } from "./checks/proxmox.ts";
import { ssh } from "./checks/ssh.ts";
import { type ManualClock, manualClock } from "./clock.test-helper.ts";
import {
  clusterReplies,
  fakeProxmox,
  fakeSsh,
  hang,
  inventoryOf,
  problem,
  runOf,
} from "./health.test-helper.ts";
import { checkHealth } from "./runner.ts";

function guestCheck(name: string, run: ApiCheck<"guest">["run"]): ApiCheck<"guest"> {
  return { asks: "api", of: "guest", name, summary: name, inside: true, run };
}

const well = guestCheck("well", async () => ({ status: "ok", detail: "fine" }));

function rows(report: HealthReport | undefined): string[] {
  return (report?.findings ?? []).map(
    ({ type, component, check, status, detail }) => `${type}/${component} ${check} ${status}: ${detail}`,
  );
}

/** Runs while the clock is moved on by `ms`, and gives what is there by then. */
async function during(clock: ManualClock, ms: number, run: Promise<HealthReport[]>): Promise<HealthReport[]> {
  let reports: HealthReport[] | undefined;
  const waiting = run.then((value) => {
    reports = value;
  });
  await clock.advance(ms);
  if (reports === undefined) throw new Error(`still running after ${ms} ms`);
  await waiting;
  return reports;
}

test("rows come by component, nodes first, then by check, whatever ends first", async () => {
  const clock = manualClock();
  const slow = guestCheck("slow", async () => {
    await clock.sleep(1000);
    return { status: "ok", detail: "done" };
  });
  const inventory = inventoryOf(
    { name: "web", node: "pve2" },
    { name: "dns", vmid: 102, type: "lxc" },
    { name: "db", vmid: 103, node: "pve2" },
  );
  const api = fakeProxmox(
    clusterReplies(
      [{ node: "pve2" }, { vmid: 102, type: "lxc" }, { vmid: 103, node: "pve2" }],
      [{}, { node: "pve2" }],
    ),
  );
  const run = runOf({ checks: [node, slow, well], inventory, proxmox: api, clock });
  const [report] = await during(clock, 1000, checkHealth(run));
  expect(rows(report)).toEqual([
    "node/pve2 proxmox ok: online, up 10 d",
    "node/pve1 proxmox ok: online, up 10 d",
    "vm/web slow ok: done",
    "vm/web well ok: fine",
    "lxc/dns slow ok: done",
    "lxc/dns well ok: fine",
    "vm/db slow ok: done",
    "vm/db well ok: fine",
  ]);
  expect(report).toMatchObject({
    environment: "prod",
    startedAt: "2026-01-01T00:00:00.000Z",
    durationMs: 1000,
  });
  expect(report?.findings.map((finding) => finding.durationMs)).toEqual([0, 0, 1000, 0, 1000, 0, 1000, 0]);
});

test("the API is asked once for all environments that share it", async () => {
  const api = fakeProxmox(clusterReplies([{}, { vmid: 102 }]));
  const base = runOf({ checks: [proxmox], proxmox: api });
  const [first] = base.environments;
  if (first === undefined) throw new Error("no environment");
  const other = { ...first, environment: "lab", inventory: inventoryOf({ name: "db", vmid: 102 }) };
  const reports = await checkHealth({ ...base, environments: [first, other] });
  expect(reports.map((report) => [report.environment, ...rows(report)])).toEqual([
    ["prod", "vm/web proxmox ok: running, up 1 d"],
    ["lab", "vm/db proxmox ok: running, up 1 d"],
  ]);
  expect(api.asked.toSorted()).toEqual(["cluster/resources?type=vm", "nodes"]);
});

test("a check that hangs fails at the limit; the others appear", async () => {
  const clock = manualClock();
  const run = runOf({ checks: [proxmox, guestCheck("mute", hang), well], clock });
  const [report] = await during(clock, 10_000, checkHealth(run));
  expect(rows(report)).toEqual([
    "vm/web proxmox ok: running, up 1 d",
    "vm/web mute fail: no answer within 10 s",
    "vm/web well ok: fine",
  ]);
  expect(report?.findings[1]).toMatchObject({ code: "no-answer", durationMs: 10_000 });
});

test("an API that hangs leaves only its own check unknown, within the same limit", async () => {
  const clock = manualClock();
  const api = fakeProxmox({ ...clusterReplies([{}]), "cluster/resources?type=vm": hang });
  const run = runOf({ checks: [proxmox, well, guestCheck("mute", hang)], proxmox: api, clock });
  const [report] = await during(clock, 10_000, checkHealth(run));
  expect(rows(report)).toEqual([
    "vm/web proxmox unknown: no answer within 10 s",
    "vm/web well ok: fine",
    "vm/web mute fail: no answer within 10 s",
  ]);
  expect(report?.findings.map((finding) => finding.durationMs)).toEqual([10_000, 0, 10_000]);
});

test("a guest that is silent while the API hangs is charged the head start too", async () => {
  const clock = manualClock();
  const api = fakeProxmox({ ...clusterReplies([{}]), "cluster/resources?type=vm": hang });
  const patient = guestCheck("patient", async (_component, { deadline }) => {
    await clock.sleep(deadline - clock.now());
    throw problem("ssh-timeout");
  });
  const run = runOf({ checks: [patient], proxmox: api, clock });
  const [report] = await during(clock, 10_000, checkHealth(run));
  expect(report?.findings).toMatchObject([{ detail: "no login within 10 s", durationMs: 9500 }]);
});

test("a connection that begins late says what it waited for, within the limit all the same", async () => {
  const clock = manualClock();
  const late: SshClient = {
    session: (target) => ({
      target,
      run: async (_command, { timeoutMs }) => {
        await clock.sleep(700);
        await clock.sleep(typeof timeoutMs === "number" ? timeoutMs : timeoutMs());
        throw problem("ssh-timeout");
      },
    }),
    close: async () => undefined,
  };
  const [report] = await during(clock, 10_000, checkHealth(runOf({ checks: [ssh], ssh: late, clock })));
  expect(rows(report)).toEqual(["vm/web ssh fail: no login within 10 s"]);
});

test("a component that comes late is told at once that the API is silent, with the same duration as the others", async () => {
  const clock = manualClock();
  const api = fakeProxmox({ ...clusterReplies([{}]), "cluster/resources?type=vm": hang });
  const inventory = inventoryOf({}, { name: "db", vmid: 102 });
  const run = runOf({ checks: [node, proxmox], inventory, proxmox: api, clock, concurrency: 1 });
  const [report] = await during(clock, 10_000, checkHealth(run));
  expect(report?.findings.map((finding) => finding.durationMs)).toEqual([10_000, 10_000, 10_000]);
});

test("an API that is slow is still heard before guests that do not run are asked", async () => {
  const clock = manualClock();
  let asked = 0;
  const counted = guestCheck("counted", async () => {
    asked += 1;
    return { status: "fail", detail: "silent" };
  });
  const replies = clusterReplies([{ status: "stopped" }]);
  const api = fakeProxmox({
    ...replies,
    nodes: async () => {
      await clock.sleep(2000);
      return replies.nodes;
    },
  });
  const [report] = await during(clock, 2000, checkHealth(runOf({ checks: [counted], proxmox: api, clock })));
  expect([rows(report), asked]).toEqual([["vm/web counted skipped: stopped"], 0]);
});

test("an API that answers after the head start still puts the outcomes into context", async () => {
  const clock = manualClock();
  const replies = clusterReplies([{ status: "stopped" }]);
  const api = fakeProxmox({
    ...replies,
    nodes: async () => {
      await clock.sleep(5000);
      return replies.nodes;
    },
  });
  const silent = guestCheck("silent", async () => ({ status: "fail", detail: "silent" }));
  const run = runOf({ checks: [proxmox, silent], proxmox: api, clock });
  const [report] = await during(clock, 5000, checkHealth(run));
  expect(rows(report)).toEqual(["vm/web proxmox fail: stopped", "vm/web silent skipped: stopped"]);
});

test("without a token what the API knows is unknown, and the guests are asked all the same", async () => {
  const missing = problem("token-missing", "there is no API token", "export PROXMOX_VE_API_TOKEN=…");
  const [report] = await checkHealth(runOf({ checks: [node, proxmox, well], proxmox: missing }));
  expect(rows(report)).toEqual([
    "node/pve1 proxmox unknown: there is no API token",
    "vm/web proxmox unknown: there is no API token",
    "vm/web well ok: fine",
  ]);
  expect(report?.findings[0]).toMatchObject({ code: "token-missing", hint: "export PROXMOX_VE_API_TOKEN=…" });
});

test("a token that sees no guest leaves them unknown, and they are asked all the same", async () => {
  const api = fakeProxmox(clusterReplies([]));
  const [report] = await checkHealth(runOf({ checks: [node, proxmox, well], proxmox: api }));
  expect(rows(report)).toEqual([
    "node/pve1 proxmox ok: online, up 10 d",
    "vm/web proxmox unknown: the API shows no guest at all",
    "vm/web well ok: fine",
  ]);
});

test("an inventory that cannot be read is one unknown finding; the other environments go on", async () => {
  const base = runOf({ checks: [well] });
  const [first] = base.environments;
  if (first === undefined) throw new Error("no environment");
  const broken = { ...first, environment: "lab", inventory: problem("terraform-missing", "no tofu on PATH") };
  const reports = await checkHealth({ ...base, environments: [broken, first] });
  expect(reports.map(rows)).toEqual([
    ["environment/lab inventory unknown: what is declared here could not be read: no tofu on PATH"],
    ["vm/web well ok: fine"],
  ]);
});

test("a check that breaks is unknown; the others appear", async () => {
  const broken = guestCheck("broken", () => {
    throw new TypeError("oops");
  });
  const [report] = await checkHealth(runOf({ checks: [broken, well] }));
  expect(rows(report)).toEqual([
    "vm/web broken unknown: the check itself failed: oops",
    "vm/web well ok: fine",
  ]);
});

test("no more components than asked for are under way, and the time of each starts with its turn", async () => {
  const clock = manualClock();
  let atOnce = 0;
  let most = 0;
  const hanging = guestCheck("hanging", async (_component, { signal }): Promise<Outcome> => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    signal.addEventListener("abort", () => {
      atOnce -= 1;
    });
    return hang();
  });
  const names = ["a", "b", "c", "d"];
  const inventory = inventoryOf(...names.map((name, index) => ({ name, vmid: 101 + index })));
  const api = fakeProxmox(clusterReplies(names.map((_, index) => ({ vmid: 101 + index }))));
  const run = runOf({
    checks: [hanging],
    inventory,
    proxmox: api,
    clock,
    concurrency: 2,
    selection: { exclusions: ["node"] },
  });
  const [report] = await during(clock, 20_000, checkHealth(run));
  expect(most).toBe(2);
  expect(report?.findings.map((finding) => finding.durationMs)).toEqual([10_000, 10_000, 10_000, 10_000]);
  expect(report?.durationMs).toBe(20_000);
});

test("all questions to a guest are asked at once, and it is asked where one of them applies", async () => {
  const asked = (...guests: Parameters<typeof inventoryOf>) => {
    const client = fakeSsh(() => ({ exitCode: 0, output: "active" }));
    const api = fakeProxmox(clusterReplies([{}, { vmid: 102, status: "stopped" }]));
    const run = runOf({
      checks: [ssh, docker],
      inventory: inventoryOf(...guests),
      proxmox: api,
      ssh: client,
    });
    return checkHealth(run).then(([report]) => [rows(report), client.asked]);
  };
  const both = ["debian@10.0.0.101:22 login", "debian@10.0.0.101:22 systemctl is-active docker"];
  expect(await asked({ docker: true })).toEqual([
    ["vm/web ssh ok: login works", "vm/web docker ok: active"],
    both,
  ]);
  expect(await asked({})).toEqual([["vm/web ssh ok: login works"], both]);
  expect(await asked({ vmid: 102 })).toEqual([["vm/web ssh skipped: stopped"], []]);
});

test("a guest without an address is unknown, and nothing is opened", async () => {
  const client = fakeSsh(() => ({ exitCode: 0, output: "" }));
  const inventory = inventoryOf({ address: null });
  const [report] = await checkHealth(runOf({ checks: [ssh], inventory, ssh: client }));
  expect(report?.findings).toMatchObject([{ status: "unknown", code: "address-unknown" }]);
  expect(client.asked).toEqual([]);
});

test("a check is given what is set of it, or its defaults", async () => {
  const limited: QuestionCheck<{ most: number }> = {
    asks: "guest",
    of: "guest",
    name: "limited",
    summary: "limited",
    question: "echo 5",
    settings: { schema: z.strictObject({ most: z.number().default(9) }).prefault({}), example: "most: 9" },
    judge: (_component, { output }, { most }) => ({
      status: Number(output) > most ? "warn" : "ok",
      detail: `${output} of ${most}`,
    }),
  };
  const five = () => fakeSsh(() => ({ exitCode: 0, output: "5" }));
  const [usual] = await checkHealth(runOf({ checks: [limited], ssh: five() }));
  expect(rows(usual)).toEqual(["vm/web limited ok: 5 of 9"]);
  const settings = settingsSchemaOf([limited]).parse({ limited: { most: 4 } });
  const [set] = await checkHealth(runOf({ checks: [limited], ssh: five(), settings }));
  expect(rows(set)).toEqual(["vm/web limited warn: 5 of 4"]);
});

test("a selection keeps the rest from being asked, over all environments", async () => {
  const inventory = inventoryOf({}, { name: "dns", vmid: 102 });
  const [report] = await checkHealth(
    runOf({ checks: [well], inventory, selection: { components: ["dns"] } }),
  );
  expect(rows(report)).toEqual(["vm/dns well skipped: not on the cluster"]);
  await expect(
    checkHealth(runOf({ checks: [well], inventory, selection: { exclusions: ["absent"] } })),
  ).rejects.toMatchObject({ kind: "usage", code: "selection-matches-nothing" });
});

test("an environment that declares nothing is a warning, and the API is not asked", async () => {
  const api = fakeProxmox({});
  const [report] = await checkHealth(runOf({ checks: [node, well], inventory: inventoryOf(), proxmox: api }));
  expect(rows(report)).toEqual(["environment/prod inventory warn: declares nothing to check"]);
  expect(report?.findings[0]).toMatchObject({ code: "inventory-empty" });
  expect(api.asked).toEqual([]);
});

test.each([
  [119, "pending"],
  [120, "fail"],
  [121, "fail"],
])("a guest that has not answered %i s after its start is %s", async (seconds, status) => {
  const clock = manualClock();
  const started = clock.now();
  const replies = () => clusterReplies([{ uptime: (clock.now() - started) / 1000 }]);
  const proxmox = fakeProxmox({
    ...replies(),
    "cluster/resources?type=vm": () => replies()["cluster/resources?type=vm"],
  });
  const silent = guestCheck("silent", async () => ({ status: "fail", detail: "no answer" }));
  await clock.advance(seconds * 1000);
  const [report] = await checkHealth(runOf({ clock, proxmox, checks: [silent] }));
  expect(report?.findings).toMatchObject([{ status }]);
});
