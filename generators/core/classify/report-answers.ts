import { ARCHETYPE_WORDS, ARCHETYPES, type Archetype, type Points, ranked } from './archetypes.ts';
import type { Argument } from './arguments.ts';
import type { Explanation } from './eight-parts.ts';
import type { Finding } from './finding.ts';
import { type Html, html, shownIf } from './html.ts';
import { roundedProbability } from './probabilities.ts';
import type { Verdict } from './verdict.ts';
import { capitalised, countOf, signed } from './words.ts';

/** Points and probability of each kind, the leading one first, each with a bar. */
export function scoresPart({ scores, probabilities }: Verdict): Html {
  const rows = ranked(scores).map((archetype) => scoreRow(archetype, scores, probabilities));
  return html`<section><h2>Points of each kind</h2><dl class="bars">${rows}</dl></section>`;
}

function scoreRow(archetype: Archetype, scores: Points, probabilities: Points): Html {
  const probability = roundedProbability(probabilities[archetype]);
  return html`<dt>${ARCHETYPE_WORDS[archetype].name}</dt>
<dd data-score="${archetype}">${signed(scores[archetype])} points, ${likelihood(probability)} (<span
data-probability="${archetype}">${percent(probability)}</span> %)</dd>
${bar(scores[archetype], scores)}`;
}

/** A bar from zero, to the left where the points are negative; all rows share one scale. */
function bar(score: number, scores: Points): Html {
  const all = ARCHETYPES.map((archetype) => scores[archetype]);
  const [lowest, highest] = [Math.min(0, ...all), Math.max(0, ...all)];
  const scale = 100 / Math.max(1, highest - lowest);
  const zero = -lowest * scale;
  const width = Math.abs(score) * scale;
  const start = score < 0 ? zero - width : zero;
  return html`<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect x="${tidy(start)}" y="1" width="${tidy(width)}" height="6"/><rect class="axis" x="${tidy(Math.min(zero, 99.5))}" y="0" width="0.5" height="8"/></svg>`;
}

/** The answers that count most, and the rest, so that the points shown add up to the score. */
export function whyPart({ arguments: all, verdict }: Explanation): Html {
  const rest = {
    words: `${capitalised(countOf(all.rest.count, 'other answer', 'other answers'))}.`,
    points: all.rest.points,
  };
  const total = { words: `points for ${verdict.name}`, points: all.score };
  return html`<section><h2>Why</h2>
${shownIf(all.strongest.length > 0, () => html`<h3>Most for it</h3>${pointsList('for', all.strongest)}`)}
${shownIf(all.opposing.length > 0, () => html`<h3>Most against it</h3>${pointsList('against', all.opposing)}`)}
<h3>All the rest</h3>
${pointsList('rest', [...(all.rest.count === 0 ? [] : [rest]), ...all.adjustments])}
${pointsList('total', [total])}</section>`;
}

function pointsList(kind: string, all: readonly Argument[]): Html {
  const items = all.map(
    ({ points, words, where }) =>
      html`<li><b>${signed(points)}</b><span>${words}${where === undefined ? '' : ` (${where})`}</span></li>`,
  );
  return html`<ul class="points ${kind}">${items}</ul>`;
}

export function findingsPart(findings: readonly Finding[], notes: readonly string[]): Html {
  if (findings.length + notes.length === 0) return html``;
  const items = findings.map(
    ({ message, questions, severity, code }) =>
      html`<li data-finding="${code}">${severity === 'blocking' ? 'To be settled first: ' : ''}${message}
<span class="faint small">Settled by ${questions.join(', ')}.</span></li>`,
  );
  return html`<section><h2>Look at</h2><ul>${items}${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`;
}

/** Every answer with its points for every kind. */
export function answersPart({ evidence, adjustments, overlays }: Verdict): Html {
  if (evidence.length === 0) return html``;
  const items = evidence.map(
    ({ reason, where, question, points }) =>
      html`<li data-evidence="${question}">${reason}${where === undefined ? '' : ` (${where})`}<br>${pointsText(points)}</li>`,
  );
  const limits = adjustments.map(({ reason, points }) => html`<li>${reason}<br>${pointsText(points)}</li>`);
  const overlay = overlays.map((name) => html`<p>Overlay: ${name}.</p>`);
  return html`<section><h2>Every answer</h2>${overlay}<ul>${items}${limits}</ul></section>`;
}

function pointsText(points: Points): Html {
  const all = ARCHETYPES.map(
    (archetype) => `${ARCHETYPE_WORDS[archetype].name} ${signed(points[archetype])}`,
  );
  return html`<span class="faint small">${all.join(' · ')}</span>`;
}

/** A percentage says more than it knows unless a word stands beside it. */
function likelihood(probability: number): string {
  if (probability >= 0.8) return 'very likely';
  if (probability >= 0.5) return 'likely';
  return probability >= 0.2 ? 'possible' : 'unlikely';
}

function percent(probability: number): string {
  return String(Math.round(probability * 1000) / 10);
}

function tidy(length: number): string {
  return String(Math.round(length * 100) / 100);
}
