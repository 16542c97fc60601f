import { expect, test } from "vitest";
import { renderHtml } from "./html.ts";
import {
  driftFinding,
  driftReport,
  finding,
  healthReport,
  hostile,
  leftover,
  unmanagedReport,
} from "./test-reports.ts";

const page = (results: Partial<Parameters<typeof renderHtml>[0]>) =>
  renderHtml({ title: "pve-home report", generatedAt: "2026-11-20T06:00:12.000Z", ...results });

const full = {
  health: [
    healthReport([
      finding({ component: "web" }),
      finding({ component: "mail", status: "pending" }),
      finding({ component: "db", status: "fail", detail: "refused", hint: "qm start 102" }),
      finding({ component: "db", check: "docker", status: "unknown", detail: "no SSH" }),
      finding({ component: "old", status: "skipped", detail: "excluded" }),
    ]),
  ],
  drift: [
    driftReport([], { environment: "lab" }),
    driftReport([
      driftFinding({ detail: "by hand", changes: [{ path: "memory", before: 2048, after: 4096 }] }),
      driftFinding({ verdict: "pending", changes: [{ path: "cores", before: 2, after: 4 }] }),
      driftFinding({ verdict: "noise", reason: "any order" }),
    ]),
  ],
  unmanaged: unmanagedReport([leftover]),
};

test("the verdict comes before everything else", () => {
  const text = page(full);
  const heading = text.indexOf("<h1>1 guest needs you: db (ssh: refused).</h1>");
  expect(heading).toBeGreaterThan(0);
  expect(heading).toBeLessThan(text.indexOf('<h2 id="drift">'));
  expect(text.indexOf('<h2 id="drift">')).toBeLessThan(text.indexOf('<h2 id="health">'));
});

test("what needs attention comes first, what is well is folded away", () => {
  const text = page(full);
  const order = ['class="name">db', 'class="name">mail', "<summary>1 component ok", 'class="name">web'];
  const places = order.map((part) => text.indexOf(part, text.indexOf('<h2 id="health">')));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text.indexOf("<h3>prod")).toBeLessThan(text.indexOf("<h3>lab"));
});

test("a change shows both sides under their names", () => {
  const text = page(full);
  expect(text).toContain(
    '<td role="cell" data-side="code"><code>2048</code></td>\n<td role="cell" data-side="Proxmox"><code>4096</code></td>',
  );
  expect(text).toContain(
    '<td role="cell" data-side="Proxmox"><code>2</code></td>\n<td role="cell" data-side="code"><code>4</code></td>',
  );
});

test("hints are there to copy, noise with its reason", () => {
  const text = page(full);
  expect(text).toContain('<p class="hint"><code>qm start 102</code></p>');
  expect(text).toContain("<summary>1 difference known to be harmless</summary>");
  expect(text).toContain("because: any order");
});

test("nothing is loaded and nothing runs", () => {
  const text = page(full);
  expect(text).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\son\w+=|javascript:/i);
  expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
});

test("text from outside stays text wherever it stands", () => {
  const problem = { code: "x", message: hostile, hint: hostile };
  const finding1 = finding({
    component: hostile,
    type: hostile,
    check: hostile,
    status: "fail",
    detail: hostile,
    hint: hostile,
  });
  const finding2 = driftFinding({
    subject: hostile,
    detail: hostile,
    reason: hostile,
    hint: hostile,
    changes: [{ path: hostile, before: hostile, after: { [hostile]: [hostile] } }],
  });
  const text = page({
    title: hostile,
    generatedAt: hostile,
    health: [
      healthReport([finding1, { ...finding1, status: "ok" }], { environment: hostile, startedAt: hostile }),
    ],
    drift: [driftReport([finding2, { ...finding2, verdict: "noise" }], { environment: hostile, problem })],
    unmanaged: unmanagedReport([finding2], { problem }),
  });
  expect(text).not.toContain("<script");
  expect(text).not.toContain('alert("1")');
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
});

test("tags are balanced", () => {
  const open: string[] = [];
  const body = page(full).replace(/<style>[\s\S]*<\/style>/, "");
  for (const [, close, name = ""] of body.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
    if (["meta", "br"].includes(name)) continue;
    if (close === "/") expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
});

test("sample data says so", () => {
  const text = page({ health: [healthReport([finding({})], { sample: true })] });
  expect(text).toContain("This page shows sample data; nothing was asked.");
  expect(text).toContain('<span class="word quiet">sample</span>');
  expect(page(full)).not.toContain("sample data");
});

test("only what was asked has a section", () => {
  expect(page({ health: full.health })).not.toContain('id="drift"');
  expect(page({ drift: full.drift })).not.toContain('id="health"');
  expect(page({})).toContain("<h1>Nothing was checked.</h1>");
});
