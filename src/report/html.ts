import { driftSection } from "./html-drift.ts";
import { healthSection } from "./html-health.ts";
import { moment } from "./html-parts.ts";
import { styleElement } from "./html-style.ts";
import { type Html, html, toText } from "./html-tag.ts";
import { overallVerdict, type Results } from "./verdict.ts";

export interface HtmlReport extends Results {
  title: string;
  /** ISO 8601, UTC. */
  generatedAt: string;
}

/**
 * One self-contained page without scripts or outside resources: the verdict first, then drift, then health.
 * Every text from outside is escaped, and the page's own policy forbids whatever could slip through.
 */
export function renderHtml(report: HtmlReport): string {
  const { title, generatedAt, health = [], drift = [], unmanaged } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${styleElement}
</head>
<body>
<main>
${banner(report, title, generatedAt)}
${drift.length === 0 && unmanaged === undefined ? undefined : driftSection(drift, unmanaged)}
${health.length === 0 ? undefined : healthSection(health)}
</main>
</body>
</html>
`;
  return toText(page);
}

function banner(results: Results, title: string, generatedAt: string): Html {
  const { tone, headline, also } = overallVerdict(results);
  const all = [
    ...(results.health ?? []),
    ...(results.drift ?? []),
    ...(results.unmanaged ? [results.unmanaged] : []),
  ];
  const sample = all.some((report) => report.sample)
    ? html`<p class="soft">This page shows sample data; nothing was asked.</p>`
    : undefined;
  return html`<header class="banner ${tone}">
<p class="title">${title}</p>
<h1>${headline}</h1>
${also.length === 0 ? undefined : html`<ul>${also.map((sentence) => html`<li>${sentence}</li>`)}</ul>`}
<p class="soft">${moment(generatedAt)}</p>
${sample}
</header>`;
}
