import { duration } from "../model/duration.ts";
import { byComponent, type ComponentHealth, type Finding, type HealthReport } from "../model/health.ts";
import { type Status, statuses } from "../model/status.ts";
import { componentDetail, countsLine, findingDetail } from "./health-summary.ts";
import { hintLine, moment, sampleBadge, statusBadge } from "./html-parts.ts";
import { type Html, html } from "./html-tag.ts";
import { count } from "./plural.ts";

const quiet: readonly Status[] = ["ok", "skipped"];

/** Health: a card per environment; what needs attention first, what is well folded away. */
export function healthSection(reports: readonly HealthReport[]): Html {
  return html`<section aria-labelledby="health"><h2 id="health">Health</h2>
${reports.map(card)}
</section>`;
}

function card(report: HealthReport): Html {
  const components = byComponent(report.findings);
  const troubled = statuses
    .filter((status) => !quiet.includes(status))
    .flatMap((status) => withStatus(components, status));
  return html`<article class="card">
<div class="head"><h3>${report.environment}</h3>${sampleBadge(report.sample)}<p class="soft">${countsLine(components)}</p></div>
${troubled.length === 0 ? undefined : table(troubled)}
${quiet.map((status) => folded(status, withStatus(components, status)))}
<p class="soft">checked ${moment(report.startedAt)} in ${duration(report.durationMs)}</p>
</article>
`;
}

function withStatus(components: readonly ComponentHealth[], status: Status): ComponentHealth[] {
  return components.filter((component) => component.status === status);
}

function folded(status: Status, components: readonly ComponentHealth[]): Html {
  if (components.length === 0) return html``;
  return html`<details><summary>${count(components.length, "component")} ${status}</summary>${table(components)}</details>`;
}

function table(components: readonly ComponentHealth[]): Html {
  const titles = ["component", "type", "status", "detail"].map(
    (title) => html`<th role="columnheader">${title}</th>`,
  );
  return html`<table class="components" role="table">
<thead role="rowgroup"><tr role="row">${titles}<th role="columnheader" class="took">duration</th></tr></thead>
<tbody role="rowgroup">${components.map(row)}</tbody></table>`;
}

function row(component: ComponentHealth): Html {
  const { status, durationMs } = component;
  return html`<tr role="row"><td role="cell" class="name">${component.component}</td><td role="cell" class="soft">${component.type}</td>
<td role="cell">${statusBadge(status)}</td><td role="cell">${detail(component)}</td>
<td role="cell" class="took">${status === "skipped" ? "" : duration(durationMs)}</td></tr>
`;
}

function detail(component: ComponentHealth): Html {
  if (quiet.includes(component.status)) return html`${componentDetail(component)}`;
  const troubles = statuses
    .filter((status) => !quiet.includes(status))
    .flatMap((status) => component.findings.filter((finding) => finding.status === status));
  const hints = new Set(component.findings.flatMap(({ hint }) => (hint === undefined ? [] : [hint])));
  return html`<ul>${troubles.map((finding) => troubleLine(finding, component.status))}</ul>
${[...hints].flatMap((hint) => hintLine(hint) ?? [])}`;
}

/** The status is said only where it is not the one the row already shows. */
function troubleLine(finding: Finding, rowStatus: Status): Html {
  const word = finding.status === rowStatus ? undefined : html`${statusBadge(finding.status)} `;
  return html`<li>${word}${findingDetail(finding)}</li>`;
}
