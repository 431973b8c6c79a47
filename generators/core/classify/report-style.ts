/** The look of the report: one column, system fonts, light and dark, and ink-saving on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1c1e21; --faint: #565b63; --paper: #fff; --line: #d5d8dd; --bar: #2563a8;
  --soft: #eef1f5; --bad: #a3241c; --warn: #7a4b00; --good: #1c6334; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --faint: #b0b6bf; --paper: #16181b; --line: #3b4047;
  --bar: #7fb2ec; --soft: #23272c; --bad: #ff9d94; --warn: #f2c26b; --good: #86d59f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.25rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .4rem 0; } ul, ol { margin: .4rem 0; padding-left: 1.3rem; } li { margin: .3rem 0; }
a { color: var(--bar); } code { font-size: .9em; background: var(--soft); padding: 0 .2em; border-radius: 3px; }
.faint { color: var(--faint); } .small { font-size: .875rem; }
.notice { border-left: 4px solid var(--warn); background: var(--soft); padding: .5rem .75rem; }
.notice.bad { border-color: var(--bad); }
.points { list-style: none; padding: 0; } .points li { display: flex; gap: .75rem; }
.points b { flex: 0 0 3.4rem; text-align: right; font-variant-numeric: tabular-nums; }
.for b { color: var(--good); } .against b { color: var(--bad); } .total { border-top: 1px solid var(--line); }
.bars { display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; margin: 0; }
.bars dt { font-weight: 600; } .bars dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
.bars svg { grid-column: 1 / -1; width: 100%; height: .8rem; margin-bottom: .5rem; background: var(--soft); }
@media (max-width: 30rem) { .bars { grid-template-columns: 1fr; } .bars dd { text-align: left; } }
rect { fill: var(--bar); } .axis { fill: var(--faint); }
@media print { :root { color-scheme: light; --ink: #000; --faint: #333; --paper: #fff; --line: #999; --bar: #333;
  --soft: #fff; --bad: #000; --warn: #000; --good: #000; } body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2 { break-after: avoid; } li, dt, dd { break-inside: avoid; } .bars svg { border: 1px solid #999; }
  rect { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`;
