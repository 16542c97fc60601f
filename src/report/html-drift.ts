import type { AttributeChange, DriftFinding, DriftReport, UnmanagedReport, Verdict } from "../model/drift.ts";
import { duration } from "../model/duration.ts";
import { friendlySubject, friendlyValue } from "./drift-subject.ts";
import { driftDetail, unmanagedDetail, withVerdict } from "./drift-summary.ts";
import { driftBadge, hintLine, moment, sampleBadge, verdictBadge } from "./html-parts.ts";
import { type Html, html } from "./html-tag.ts";
import { count } from "./plural.ts";
import { verdictMeanings, verdictSides } from "./status-words.ts";

/** Drift: a card per environment, those that need attention first, then the guests that no state has. */
export function driftSection(reports: readonly DriftReport[], unmanaged: UnmanagedReport | undefined): Html {
  const order = ["drift", "unknown", "ok"] as const;
  const sorted = order.flatMap((status) => reports.filter((report) => report.status === status));
  return html`<section aria-labelledby="drift"><h2 id="drift">Drift</h2>
${sorted.map((report) => card(report.environment, driftDetail(report), report))}
${unmanaged === undefined ? undefined : card("Unmanaged guests", unmanagedDetail(unmanaged), unmanaged)}
</section>`;
}

function card(name: string, detail: string, report: DriftReport | UnmanagedReport): Html {
  const noise = withVerdict(report.findings, "noise");
  const findings = report.findings.filter((finding) => finding.verdict !== "noise");
  return html`<article class="card">
<div class="head">${driftBadge(report.status)}<h3>${name}</h3>${sampleBadge(report.sample)}<p class="soft">${detail}</p></div>
${hintLine(report.problem?.hint)}
${findings.map(findingBlock)}
${noise.length === 0 ? undefined : html`<details><summary>${count(noise.length, "difference")} known to be harmless</summary>${noise.map(findingBlock)}</details>`}
<p class="soft">checked ${moment(report.startedAt)}${"durationMs" in report ? html` in ${duration(report.durationMs)}` : undefined}</p>
</article>
`;
}

function findingBlock(finding: DriftFinding): Html {
  const { verdict, subject, detail, reason, hint, changes } = finding;
  const name = friendlySubject(subject);
  return html`<div class="finding">
<div class="head">${verdictBadge(verdict)}<h4>${name}</h4></div>
<p>${detail === "" ? verdictMeanings[verdict] : detail}</p>
${reason === undefined ? undefined : html`<p class="soft">because: ${reason}</p>`}
${changes.length === 0 ? undefined : changesTable(changes, verdict)}
${hintLine(hint)}
${name === subject ? undefined : html`<p class="soft">${subject}</p>`}
</div>
`;
}

function changesTable(changes: readonly AttributeChange[], verdict: Verdict): Html {
  const [before, after] = verdictSides[verdict];
  const rows = changes.map(
    (change) => html`<tr role="row"><td role="cell">${change.path}</td>
<td role="cell" data-side="${before}"><code>${friendlyValue(change.before)}</code></td>
<td role="cell" data-side="${after}"><code>${friendlyValue(change.after)}</code></td></tr>
`,
  );
  return html`<table class="changes" role="table">
<thead role="rowgroup"><tr role="row"><th role="columnheader">attribute</th><th role="columnheader">${before}</th><th role="columnheader">${after}</th></tr></thead>
<tbody role="rowgroup">${rows}</tbody></table>`;
}
