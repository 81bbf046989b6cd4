/** The look of a page: light and dark as the reader's system asks, narrow windows and paper. No part of it is fetched. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --faint: #57606a; --paper: #fff; --band: #f6f8fa; --line: #d0d7de; --link: #0550ae; --good: #116329; --bad: #a40e26; --warn: #7a4e00; --warn-paper: #fff8e5; --focus: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --faint: #9aa4af; --paper: #16191d; --band: #1f242a; --line: #3a424b; --link: #79b8ff; --good: #6fdd8b; --bad: #ff9492; --warn: #f2cc60; --warn-paper: #2b2410; --focus: #79b8ff; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 3.4rem; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 15px/1.5 Inter, system-ui, "Segoe UI", Roboto, sans-serif; }
header { padding-top: 1.5rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 .7rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.3rem; }
h3 { margin: 1.6rem 0 .5rem; font-size: 1.05rem; overflow-wrap: anywhere; }
h3 small { color: var(--faint); font-weight: normal; }
p { margin: .5rem 0; max-width: 62rem; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .88em; }
pre { margin: .5rem 0; padding: .8rem 1rem; overflow: auto; max-height: 40rem; background: var(--band); border: 1px solid var(--line); border-radius: 6px; line-height: 1.45; }
.faint, .facts { color: var(--faint); }
.facts { overflow-wrap: anywhere; }
.skip { position: absolute; left: -100rem; padding: .4rem .8rem; background: var(--paper); z-index: 3; }
.skip:focus { left: 1rem; top: .5rem; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
nav { position: sticky; top: 0; z-index: 2; margin: 1rem -1.25rem 0; padding: .45rem 1.25rem; background: var(--paper); border-bottom: 1px solid var(--line); overflow-x: auto; }
nav ul { display: flex; gap: .2rem 1.15rem; margin: 0; padding: 0; list-style: none; white-space: nowrap; }
.wide { margin: .6rem 0 1rem; overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .87rem; }
caption { padding: .3rem 0; text-align: left; color: var(--faint); }
th, td { padding: .26rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { vertical-align: bottom; background: var(--band); font-weight: 600; }
th[scope=row] { min-width: 7.5rem; overflow-wrap: anywhere; }
tbody th { font-weight: 600; }
.wide th[scope=row], .wide thead th:first-child { position: sticky; left: 0; background: var(--paper); }
.wide thead th:first-child { background: var(--band); }
tbody tr:hover { background: var(--band); }
tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
td .place { white-space: nowrap; }
td small { display: block; white-space: nowrap; color: var(--faint); font-size: .78rem; overflow-wrap: anywhere; }
thead button { padding: 0; border: 0; background: none; color: inherit; font: inherit; text-align: inherit; cursor: pointer; }
thead button::after { content: "\\2195"; margin-left: .3em; color: var(--faint); opacity: .65; }
th[aria-sort=ascending] button::after { content: "\\2191"; opacity: 1; color: var(--link); }
th[aria-sort=descending] button::after { content: "\\2193"; opacity: 1; color: var(--link); }
.kind { white-space: nowrap; }
.bar { vertical-align: middle; }
.notes { margin: .3rem 0; padding-left: 1.1rem; color: var(--faint); font-size: .88rem; }
.warnings { padding: .6rem .9rem .6rem 1.9rem; background: var(--warn-paper); color: var(--warn); border: 1px solid currentColor; border-radius: 6px; }
p.warnings { padding-left: .9rem; }
.held { color: var(--good); white-space: nowrap; }
.failed { color: var(--bad); font-weight: 600; white-space: nowrap; }
details { margin: .4rem 0; }
summary { cursor: pointer; padding: .15rem 0; }
.sources dt { margin-top: .6rem; }
.sources dd { margin: 0 0 0 1.2rem; overflow-wrap: anywhere; }
:target { background: var(--warn-paper); }
section:target, article:target { background: none; }
.chart { margin: 1.2rem 0 1.8rem; max-width: 900px; }
.paper { overflow-x: auto; overflow-y: hidden; border: 1px solid var(--line); border-radius: 6px; background: #fff; line-height: 0; }
.paper canvas { max-width: 100%; min-width: 40rem; height: auto !important; }
figcaption { font-size: .88rem; color: var(--faint); }
.readout { margin: .35rem 0; font-variant-numeric: tabular-nums; min-height: 1.5em; }
.readout.read { color: var(--ink); }
.series { display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
.series label { cursor: pointer; }
.chooser { position: sticky; top: 2.6rem; z-index: 1; padding: .5rem 0; background: var(--paper); }
.chooser select, .chooser button { max-width: 100%; padding: .3rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--band); color: var(--ink); font: inherit; }
[hidden] { display: none !important; }
@media (prefers-color-scheme: dark) { .paper canvas { filter: invert(.91) hue-rotate(180deg); } .paper { background: #16191d; } }
.paper canvas { background: #fff; }
@media (max-width: 40rem) { body { padding: 0 .75rem 3rem; font-size: 14px; } nav { margin: 1rem -.75rem 0; padding: .45rem .75rem; } h1 { font-size: 1.4rem; } th, td { padding: .25rem .45rem; } }
@media print {
  :root { color-scheme: light; --ink: #000; --faint: #444; --paper: #fff; --band: #f4f4f4; --line: #bbb; --link: #000; --good: #064; --bad: #900; --warn: #530; --warn-paper: #fff; }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  nav, .skip, .chooser, .readout, .series { display: none !important; }
  .paper canvas { filter: none; min-width: 0; } .paper { background: #fff; }
  table { font-size: 7pt; } th, td { padding: .1rem .22rem; } th, td, .number, thead th, thead button { white-space: normal; } td small { font-size: 5.5pt; white-space: normal; } th[scope=row] { min-width: 0; } .notes, figcaption { font-size: 8pt; } td .place { white-space: normal; overflow-wrap: anywhere; } .bar { width: 60px; }
  .wide { overflow: visible; } .wide th[scope=row], .wide thead th:first-child { position: static; } pre { max-height: none; overflow: visible; white-space: pre-wrap; }
  thead { display: table-header-group; } tr, figure { break-inside: avoid; } h2, h3, caption, summary { break-after: avoid; }
  thead button::after { content: ""; }
}
`;
