import { ARCHETYPE_WORDS, type Archetype } from './archetypes.ts';
import type { Explanation } from './eight-parts.ts';
import { type Html, html, shownIf } from './html.ts';
import { answersPart, findingsPart, scoresPart, whyPart } from './report-answers.ts';
import { growthPart, likePart, pitfallsPart, practicePart } from './report-outlook.ts';
import { REPORT_STYLE } from './report-style.ts';
import type { Verdict } from './verdict.ts';
import { capitalised } from './words.ts';

/** Another kind than the verdict's, taken by a person. */
export interface Override {
  readonly archetype: Archetype;
  readonly reason: string | undefined;
}

export interface ReportParts {
  readonly verdict: Verdict;
  readonly explanation: Explanation;
  readonly override: Override | undefined;
  /** What was understood differently from how it was written. */
  readonly notes: readonly string[];
  /** The version of this package. */
  readonly generator: string;
}

// What a report is recognised by before it is replaced.
const MARK = '<meta name="generator" content="generator-mlops classify">';

/** Whether a text is a report of ours. */
export function isReport(text: string): boolean {
  return text.slice(0, 1000).includes(MARK);
}

/** The verdict as one self-contained page without script: it says what `--json` says, for people who decide. */
export function reportHtml(parts: ReportParts): string {
  const { explanation, override, notes, generator } = parts;
  const name = explanation.verdict.name;
  const page = html`<main>
${headPart(explanation)}
${shownIf(override !== undefined, () => overridePart(override))}
${scoresPart(parts.verdict)}
${whyPart(explanation)}
${changesPart(explanation)}
${findingsPart(explanation.findings, notes)}
${pitfallsPart(explanation)}
${practicePart(explanation)}
${growthPart(explanation)}
${likePart(explanation)}
${answersPart(parts.verdict)}
</main>
<footer class="faint small"><p>Written by generator-mlops ${generator}. Points and labels are judgements that were
written down, not measurements; its documentation says how they were made and checked.</p></footer>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${MARK}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html`${name}: which kind of MLOps, and why`.markup}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
${page.markup}
</body>
</html>
`;
}

function headPart({ verdict }: Explanation): Html {
  return html`<header>
<p class="faint small">Which kind of MLOps fits this organisation</p>
<h1>${verdict.name}</h1>
${shownIf(verdict.notFinal !== undefined, () => html`<p class="notice bad"><strong>${verdict.notFinal ?? ''}</strong></p>`)}
<p>${capitalised(verdict.confidence)} confidence, ${verdict.answered} of ${verdict.asked} questions answered.</p>
${shownIf(verdict.isBorderline, () => html`<p class="notice">Close to <strong>${verdict.runnerUp}</strong>; either may fit.</p>`)}
</header>`;
}

function overridePart(override: Override | undefined): Html {
  if (override === undefined) return html``;
  const reason = override.reason === undefined ? html`` : html`: ${override.reason}`;
  return html`<p class="notice">Chosen by hand: <strong>${ARCHETYPE_WORDS[override.archetype].name}</strong>${reason}</p>`;
}

function changesPart({ changes, verdict, next }: Explanation): Html {
  const none = html`<p>No other answer to one or two of the questions: ${verdict.name} is far ahead.</p>`;
  const items = changes.map(
    ({ words, towards }) => html`<li>With ${words}: <strong>${towards}</strong>.</li>`,
  );
  return html`<section><h2>What would change it</h2>
${shownIf(items.length === 0, () => none)}${shownIf(items.length > 0, () => html`<ul>${items}</ul>`)}
${shownIf(next !== undefined, () => html`<p>Next question: ${next?.message ?? ''} ${next?.why ?? ''} <code>${next?.flag ?? ''}</code></p>`)}
</section>`;
}
