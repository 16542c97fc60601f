import type { Finding, HealthReport } from "../model/health.ts";
import type { Check } from "./check.ts";

/** What a run would do, in plain words and in this order. Nothing is opened for it. */
export function dryRunSteps(environment: string, checks: readonly Check[]): string[] {
  return [
    `read the inventory of ${environment}`,
    "ask the Proxmox API once for the state of all nodes and guests",
    ...checks.map(({ name, summary, needs }) => {
      const condition = needs === undefined ? "" : ` (if ${needs} is ok)`;
      return `check ${name}: ${summary}${condition}`;
    }),
    `report on ${environment}, and write its metrics`,
  ];
}

/** Bundled data for `--dry-run`: a small homelab on a bad day, with every status there is. */
export function sampleReport(environment: string): HealthReport {
  return {
    environment,
    startedAt: "2026-01-01T00:00:00.000Z",
    durationMs: 10_012,
    sample: true,
    findings: findingsOf(environment),
  };
}

const web = { component: "web", type: "vm" };
const db = { component: "db", type: "vm" };
const media = { component: "media", type: "vm" };
const dns = { component: "dns", type: "lxc" };
const files = { component: "files", type: "lxc" };
const site = { component: "site", type: "service" };
const wiki = { component: "wiki", type: "service" };

const findingsOf = (environment: string): Finding[] => [
  {
    component: "pve1",
    type: "node",
    check: "proxmox",
    status: "ok",
    detail: "online, up 41 d",
    durationMs: 38,
  },
  { ...web, check: "proxmox", status: "ok", detail: "running, up 12 d", durationMs: 38 },
  { ...web, check: "ping", status: "ok", detail: "answers in 0.412 ms", durationMs: 14 },
  { ...web, check: "ssh", status: "ok", detail: "login works", durationMs: 187 },
  {
    ...web,
    check: "docker",
    status: "fail",
    detail: "Docker has failed",
    expected: "active",
    actual: "failed",
    code: "docker-inactive",
    hint: "on the guest: systemctl status docker; journalctl -u docker -n 50",
    durationMs: 191,
  },
  {
    ...db,
    check: "proxmox",
    status: "fail",
    detail: "stopped",
    expected: "running",
    actual: "stopped",
    code: "guest-stopped",
    hint: "on pve1: qm start 102",
    durationMs: 38,
  },
  { ...db, check: "ping", status: "skipped", detail: "stopped", durationMs: 0 },
  { ...db, check: "ssh", status: "skipped", detail: "stopped", durationMs: 0 },
  { ...media, check: "proxmox", status: "ok", detail: "running, up 12 s", durationMs: 38 },
  {
    ...media,
    check: "ssh",
    status: "pending",
    detail: "booting for 12 s: nothing listens on 10.0.0.103:22",
    code: "ssh-refused",
    durationMs: 3040,
  },
  {
    ...dns,
    check: "proxmox",
    status: "warn",
    detail: "running, up 3 h, on pve2",
    expected: "on pve1",
    actual: "on pve2",
    code: "guest-moved",
    durationMs: 38,
  },
  { ...dns, check: "ssh", status: "ok", detail: "login works", durationMs: 203 },
  { ...files, check: "proxmox", status: "ok", detail: "running, up 41 d", durationMs: 38 },
  {
    ...files,
    check: "ssh",
    status: "unknown",
    detail: "its SSH host key has not been recorded yet",
    code: "ssh-host-key-unknown",
    hint: `pve-home hosts trust --env ${environment} files`,
    durationMs: 61,
  },
  { ...site, check: "http", status: "ok", detail: "answers 200", durationMs: 9 },
  {
    ...wiki,
    check: "http",
    status: "fail",
    detail: "/healthz answers 503",
    expected: "200",
    actual: "503",
    code: "service-error",
    durationMs: 12,
  },
];
