import { expect, test } from "vitest";
import { driftJson, healthJson } from "./json.ts";
import { driftDocumentSchema, healthDocumentSchema } from "./json-schema.ts";
import {
  driftFinding,
  driftReport,
  finding,
  healthReport,
  hostile,
  leftover,
  unmanagedReport,
} from "./test-reports.ts";

test("health: the whole document", () => {
  const report = healthReport([
    finding({ check: "proxmox", detail: "running", durationMs: 12.4 }),
    finding({
      component: "db",
      status: "fail",
      detail: "refused",
      expected: "open",
      actual: "refused",
      code: "ssh-refused",
      hint: "start sshd",
    }),
  ]);
  const document: unknown = JSON.parse(healthJson([report]));
  expect(document).toEqual({
    schema_version: 1,
    command: "health",
    status: "fail",
    summary: { components: 2, ok: 1, warn: 0, fail: 1, unknown: 0, pending: 0, skipped: 0 },
    environments: [
      {
        environment: "prod",
        started_at: "2026-11-20T06:00:00.000Z",
        duration_ms: 2300,
        sample: false,
        status: "fail",
        components: [
          {
            component: "web",
            type: "vm",
            status: "ok",
            duration_ms: 12,
            checks: [{ check: "proxmox", status: "ok", detail: "running", duration_ms: 12 }],
          },
          {
            component: "db",
            type: "vm",
            status: "fail",
            duration_ms: 40,
            checks: [
              {
                check: "ssh",
                status: "fail",
                detail: "refused",
                expected: "open",
                actual: "refused",
                code: "ssh-refused",
                hint: "start sshd",
                duration_ms: 40,
              },
            ],
          },
        ],
      },
    ],
  });
  expect(healthDocumentSchema.parse(document)).toEqual(document);
});

test("drift: the whole document", () => {
  const prod = driftReport([
    driftFinding({
      detail: "by hand",
      changes: [{ path: "memory", before: 1, after: { a: [null] } }, { path: "x" }],
    }),
  ]);
  const problem = { code: "state-locked", message: "locked", hint: "wait" };
  const locked = driftReport([], { environment: "lab", status: "unknown", problem, sample: true });
  const document: unknown = JSON.parse(driftJson([prod, locked], unmanagedReport([leftover])));
  expect(document).toEqual({
    schema_version: 1,
    command: "drift",
    status: "drift",
    environments: [
      {
        environment: "prod",
        started_at: "2026-11-20T06:00:00.000Z",
        duration_ms: 12_000,
        sample: false,
        status: "drift",
        changed: 1,
        findings: [
          {
            verdict: "outside",
            subject: 'module.vms["web"].proxmox_virtual_environment_vm.this',
            detail: "by hand",
            changes: [{ path: "memory", before: 1, after: { a: [null] } }, { path: "x" }],
          },
        ],
      },
      {
        environment: "lab",
        started_at: "2026-11-20T06:00:00.000Z",
        duration_ms: 12_000,
        sample: true,
        status: "unknown",
        changed: null,
        findings: [],
        problem,
      },
    ],
    unmanaged: {
      started_at: "2026-11-20T06:00:00.000Z",
      sample: false,
      status: "drift",
      findings: [
        {
          verdict: "unmanaged",
          subject: "vm/105 (leftover)",
          detail: "runs on pve, in no state",
          changes: [],
        },
      ],
    },
  });
  expect(driftDocumentSchema.parse(document)).toEqual(document);
});

test("drift outranks what is unknown, and unknown is not ok", () => {
  const status = (...reports: Parameters<typeof driftJson>) => JSON.parse(driftJson(...reports)).status;
  const unknown = driftReport([], { status: "unknown" });
  expect(status([driftReport([])])).toBe("ok");
  expect(status([driftReport([]), unknown])).toBe("unknown");
  expect(status([unknown, driftReport([driftFinding({})])])).toBe("drift");
  expect(status([driftReport([])], unmanagedReport([leftover]))).toBe("drift");
});

test("nothing checked is skipped, not ok", () => {
  expect(JSON.parse(healthJson([])).status).toBe("skipped");
});

test("the text holds no control character but line feeds, and reads back unchanged", () => {
  const detail = `${hostile}\u009b\u2028\u{e0041}👩‍💻`;
  const text = healthJson([healthReport([finding({ detail })])]);
  expect(text.replaceAll("\n", "")).not.toMatch(/(?!\u200d)[\p{Cc}\p{Cf}\u2028]/u);
  expect(JSON.parse(text).environments[0].components[0].checks[0].detail).toBe(detail);
});

test("half of a surrogate pair becomes U+FFFD, in names and values; what only looks like its escape stays", () => {
  const changes = [{ path: "a\ud800", before: { "k\udfff": "\\ud800 \ud83d\ude00" }, after: "\ud800\ud800" }];
  const document = JSON.parse(driftJson([driftReport([driftFinding({ changes })])]));
  expect(document.environments[0].findings[0].changes).toEqual([
    { path: "a\ufffd", before: { "k\ufffd": "\\ud800 \ud83d\ude00" }, after: "\ufffd\ufffd" },
  ]);
});
