import { html } from "./html-tag.ts";

// Contrast of every text on its ground is at least 4.5:1 in both themes.

/** The style of the report: no fonts, images or scripts; phone first. */
export const styleElement = html`<style>
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --code: #eef1f4;
  --good: #116329; --good-ground: #dafbe1; --bad: #a40e26; --bad-ground: #ffebe9;
  --drift: #7d4e00; --drift-ground: #fff1cf; --unknown: #6639ba; --unknown-ground: #f1e8ff;
  --wait: #0550ae; --wait-ground: #ddf4ff; --quiet: #57606a; --quiet-ground: #eef1f4;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --card: #161b22; --ink: #e6edf3; --soft: #9ea7b3; --line: #30363d; --code: #21262d;
    --good: #7ee2a0; --good-ground: #12331f; --bad: #ffa198; --bad-ground: #4a1519;
    --drift: #f2cc60; --drift-ground: #3d2e05; --unknown: #d2b8ff; --unknown-ground: #33225c;
    --wait: #9ecbff; --wait-ground: #0c2d57; --quiet: #9ea7b3; --quiet-ground: #21262d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3, h4, p { margin: 0; }
h1 { font-size: 1.4rem; line-height: 1.3; }
h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; }
h4 { font-size: 1rem; font-weight: 600; }
code { font: .875em/1.5 ui-monospace, monospace; background: var(--code); border-radius: .25rem; padding: .1em .3em; }
ul { list-style: none; margin: 0; padding: 0; }
.soft { color: var(--soft); font-size: .875rem; }
.banner { border-radius: .75rem; padding: 1rem 1.25rem; border-left: .4rem solid; }
.banner .title { font-size: .875rem; font-weight: 600; }
.banner ul { margin-top: .5rem; }
.banner li { color: var(--ink); }
.banner .soft { margin-top: .5rem; color: var(--ink); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; margin: 0 0 1rem; }
.head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; }
.head .soft { flex: 1 1 12rem; }
.finding { border-top: 1px solid var(--line); margin-top: .75rem; padding-top: .75rem; }
.word { display: inline-block; border-radius: .375rem; padding: .05rem .45rem; font-size: .75rem; font-weight: 700; letter-spacing: .03em; white-space: nowrap; }
.hint { margin-top: .4rem; }
.card > .soft, .finding > .soft { margin-top: .4rem; }
.hint::before { content: "try: "; color: var(--soft); font-size: .875rem; }
table { width: 100%; border-collapse: collapse; margin-top: .75rem; }
th { text-align: left; font-size: .8rem; font-weight: 600; color: var(--soft); }
th, td { padding: .4rem .75rem .4rem 0; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; }
.components { table-layout: fixed; }
.components th:nth-child(1) { width: 22%; } .components th:nth-child(2) { width: 4.5rem; }
.components th:nth-child(3) { width: 6.5rem; } .components th:nth-child(5) { width: 5.5rem; }
.changes { table-layout: fixed; }
.changes th:nth-child(1) { width: 30%; }
.name { font-weight: 600; }
th.took { font-size: .8rem; }
.took { text-align: right; padding-right: 0; white-space: nowrap; color: var(--soft); }
td.took { font-size: .875rem; }
details { margin-top: .75rem; }
summary { cursor: pointer; color: var(--soft); font-size: .875rem; padding: .25rem 0; }
.good { background: var(--good-ground); color: var(--good); border-color: var(--good); }
.bad { background: var(--bad-ground); color: var(--bad); border-color: var(--bad); }
.drift { background: var(--drift-ground); color: var(--drift); border-color: var(--drift); }
.unknown { background: var(--unknown-ground); color: var(--unknown); border-color: var(--unknown); }
.wait { background: var(--wait-ground); color: var(--wait); border-color: var(--wait); }
.quiet { background: var(--quiet-ground); color: var(--quiet); border-color: var(--quiet); }
@media (max-width: 40rem) {
  main { padding: .75rem; }
  h1 { font-size: 1.2rem; }
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody { display: block; }
  .components tr { display: grid; grid-template-columns: auto auto 1fr auto; gap: .1rem .5rem; align-items: baseline; border-top: 1px solid var(--line); padding: .5rem 0; }
  .components td { border: 0; padding: 0; }
  .components td:nth-child(3) { order: -1; }
  .components td:nth-child(4) { order: 1; grid-column: 1 / -1; }
  .components .took { grid-column: 4; }
  .changes tr { display: block; border-top: 1px solid var(--line); padding: .4rem 0; }
  .changes td { display: block; border: 0; padding: 0; }
  .changes td[data-side]::before { content: attr(data-side) ": "; color: var(--soft); font-size: .875rem; }
}
@media print {
  body { background: #fff; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .finding, tr { break-inside: avoid; }
  h2, h3, .head { break-after: avoid; }
  .banner, .word { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
</style>`;
