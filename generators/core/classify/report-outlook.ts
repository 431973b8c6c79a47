import { ARCHETYPE_WORDS } from './archetypes.ts';
import type { Explanation } from './eight-parts.ts';
import { type Html, html, shownIf } from './html.ts';
import { FACETS, LEVEL_WORDS, type Level } from './maturity.ts';
import { capitalised } from './words.ts';

/** What such an organisation runs into, and the files of the written repository that answer it. */
export function pitfallsPart({ pitfalls }: Explanation): Html {
  const items = pitfalls.map(
    ({ id, text, answer }) => html`<li data-pitfall="${id}">${capitalised(text)}.
${shownIf(answer.length > 0, () => html`<span class="small">Answered by ${joined(answer)}.</span>`)}</li>`,
  );
  return html`<section><h2>Pitfalls to expect</h2>
${shownIf(
  pitfalls.some(({ answer }) => answer.length > 0),
  () =>
    html`<p class="faint small">The files are those of the repository that <code>mlops new</code> writes.</p>`,
)}
<ul>${items}</ul></section>`;
}

function joined(paths: readonly string[]): readonly Html[] {
  return paths.map((path, index) => html`${index === 0 ? '' : ', '}<code>${path}</code>`);
}

/** Maturity by facet, which never moves the kind, and the next three steps. */
export function practicePart({ maturity }: Explanation): Html {
  const facets = FACETS.map((facet) => facetRow(facet.replaceAll('_', ' '), maturity.facets[facet]));
  const level =
    maturity.level === undefined
      ? 'Nothing is known yet about how models are made and released.'
      : `Level ${maturity.level} of 4, ${LEVEL_WORDS[maturity.level]}: that of the weakest part.`;
  return html`<section><h2>Practice</h2><p>${level} It does not decide the kind.</p>
<dl class="bars">${facets}</dl>
${shownIf(maturity.next.length > 0, () => html`<h3>Next steps</h3><ol>${maturity.next.map((step) => html`<li>${step}</li>`)}</ol>`)}
</section>`;
}

function facetRow(name: string, level: Level | undefined): Html {
  const width = (level ?? 0) * 25;
  return html`<dt>${capitalised(name)}</dt><dd data-facet="${name}">${level === undefined ? 'unknown' : `${level} of 4`}</dd>
<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="1" width="${width}" height="6"/></svg>`;
}

/** When this kind is outgrown, and what not to build before. */
export function growthPart({ growth, verdict }: Explanation): Html {
  const runnerUp = ARCHETYPE_WORDS[growth.runnerUp];
  const triggers = growth.triggers.map(
    ({ when, towards }) => html`<li><strong>${ARCHETYPE_WORDS[towards].name}</strong> when ${when}.</li>`,
  );
  return html`<section><h2>Growth</h2><ul>${triggers}</ul><p>Not yet: ${growth.notYet.join('; ')}.</p>
${shownIf(verdict.isBorderline, () => html`<p>Close by, <strong>${runnerUp.name}</strong>: ${runnerUp.sentence}.</p>`)}</section>`;
}

/** What such organisations are like, and two that resemble this one. */
export function likePart({ article }: Explanation): Html {
  const cases = article.nearest.map(
    ({ name, label, source }) =>
      html`<li><a href="${source}" rel="noreferrer">${name}</a>, labelled ${ARCHETYPE_WORDS[label].name}</li>`,
  );
  return html`<section><h2>What such an organisation is like</h2><p>${capitalised(article.sentence)}.</p>
${shownIf(cases.length > 0, () => html`<p>The nearest public cases, with labels that one reader assigned:</p><ul>${cases}</ul>`)}</section>`;
}
