import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../lab/ports.ts";
import type { HealthReport } from "../../src/model/health.ts";
import { worstStatus } from "../../src/model/status.ts";
import {
  expectKnownCommands,
  expectOthersWell,
  type LabUnderTest,
  labUnderTest,
  rowsOf,
  statusesOf,
} from "./lab.test-helper.ts";

// Who does not answer is waited for until the time limit: all of them at the same time.
const timeoutMs = 8000;

const troubled = { locked: "web-001", booting: "web-002", hanging: "web-006", mute: "web-010" };
let guests: LabUnderTest;
let api: LabUnderTest;
let reports: { guests: HealthReport; apiHangs: HealthReport; noApi: HealthReport };

beforeAll(async () => {
  guests = await labUnderTest(10);
  api = await labUnderTest(2);
  await guests.control.break("booting", troubled.booting);
  await guests.control.break("backup-lock", troubled.locked);
  await guests.control.break("ssh-refused", troubled.locked);
  await guests.control.break("ssh-hang", troubled.hanging);
  await guests.control.break("ssh-mute", troubled.mute);
  await api.control.break("api-hang");
  const closed = `https://127.0.0.1:${await freePort()}/`;
  const [ofGuests, apiHangs, noApi] = await Promise.all([
    guests.health({ timeoutMs }),
    api.health({ timeoutMs }),
    api.health({ timeoutMs, endpoint: closed }),
  ]);
  reports = { guests: ofGuests, apiHangs, noApi };
  await Promise.all([guests, api].map(expectKnownCommands));
});

afterAll(async () => {
  await guests?.close();
  await api?.close();
});

test("a guest that boots is pending and says for how long", () => {
  const rows = rowsOf(reports.guests, troubled.booting);
  expect(statusesOf(reports.guests, troubled.booting)).toMatchObject({
    proxmox: "ok",
    ssh: "pending",
    agent: "pending",
  });
  expect(rows.ssh?.detail).toMatch(/^booting for \d+ s: /);
  expect(rows.docker?.status).toBe("skipped");
});

test("a guest that a backup has locked is pending where it does not answer", () => {
  expect(statusesOf(reports.guests, troubled.locked)).toMatchObject({
    proxmox: "ok",
    ssh: "pending",
    agent: "ok",
  });
  expect(rowsOf(reports.guests, troubled.locked).ssh?.detail).toMatch(/^locked by a backup: /);
});

test.each([
  [troubled.hanging, "logged in, and no answer within 8 s"],
  [troubled.mute, "no login within 8 s"],
])("guest %s fails within the limit: %s", (name, detail) => {
  expect(rowsOf(reports.guests, name).ssh).toMatchObject({ status: "fail", detail });
  expect(rowsOf(reports.guests, name).docker?.status).toBe("skipped");
});

test("the guests beside them are well", () => {
  expectOthersWell(reports.guests, guests, ...Object.values(troubled));
});

test("an API that hangs is unknown within the limit; SSH is asked all the same", () => {
  expect(rowsOf(reports.apiHangs, "web-001").proxmox).toMatchObject({
    status: "unknown",
    detail: "no answer within 8 s",
    durationMs: timeoutMs,
  });
  expect(statusesOf(reports.apiHangs, "web-002")).toMatchObject({ ssh: "ok", docker: "ok" });
});

test("an API that cannot be reached is unknown; SSH is asked all the same", () => {
  expect(statusesOf(reports.noApi, "web-002")).toMatchObject({
    proxmox: "unknown",
    ping: "skipped",
    ssh: "ok",
    docker: "ok",
    agent: "skipped",
  });
  expect(rowsOf(reports.noApi, "web-001").proxmox).toMatchObject({ code: "proxmox-unreachable" });
  expect(worstStatus(reports.noApi.findings.map((finding) => finding.status))).toBe("unknown");
});
