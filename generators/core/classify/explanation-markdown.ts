import { ARCHETYPE_WORDS } from './archetypes.ts';
import type { Argument } from './arguments.ts';
import type { AnsweredPitfall, Explanation } from './eight-parts.ts';
import { visible } from './layout.ts';
import { FACETS, LEVEL_WORDS } from './maturity.ts';
import { capitalised, signed } from './words.ts';

/** The explanation as a page of Markdown, for `docs/ARCHETYPE.md`: everything that the terminal says, and the rest. */
export function explanationMarkdown(explanation: Explanation): string {
  const { verdict, changes, findings, article } = explanation;
  const blocks = [
    `# ${verdict.name}`,
    ...(verdict.notFinal === undefined ? [] : [`**${verdict.notFinal}**`]),
    `${capitalised(verdict.confidence)} confidence, ${verdict.answered} of ${verdict.asked} questions answered.`,
    ...(verdict.isBorderline ? [`Close to **${verdict.runnerUp}**; either may fit.`] : []),
    '## Why',
    argumentTable(explanation),
    '## What would change it',
    changes.length === 0
      ? 'No other answer to one or two of the questions.'
      : list(changes.map(({ words, towards }) => `With ${plain(words)}: **${towards}**.`)),
    ...(findings.length === 0 ? [] : ['## Look at', list(findings.map(findingText))]),
    '## Pitfalls to expect',
    list(explanation.pitfalls.map(pitfallText)),
    '## Practice',
    maturityText(explanation),
    '## Growth',
    growthText(explanation),
    '## What such an organisation is like',
    `${capitalised(article.sentence)}.`,
    ...(article.nearest.length === 0 ? [] : [nearestText(explanation)]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function argumentTable({ arguments: all, verdict }: Explanation): string {
  const { strongest, opposing, rest, adjustments, score } = all;
  const others = rest.count === 0 ? [] : [row({ words: `${rest.count} other answers`, points: rest.points })];
  const lines = [...strongest, ...opposing].map(row);
  const total = `| **${signed(score)}** | **points for ${verdict.name}** |`;
  return ['| points | answer |', '| ---: | --- |', ...lines, ...others, ...adjustments.map(row), total].join(
    '\n',
  );
}

function row({ words, points, where }: Argument): string {
  const found = where === undefined ? '' : ` (${plain(where)})`;
  return `| ${signed(points)} | ${plain(words)}${found} |`;
}

function findingText({ code, message, questions }: Explanation['findings'][number]): string {
  return `${plain(message)} Settled by ${questions.map((key) => `\`${key}\``).join(', ')} (finding \`${code}\`).`;
}

// The id is what --json and the sources call the pitfall.
function pitfallText({ id, text, answer }: AnsweredPitfall): string {
  const answers =
    answer.length === 0 ? '' : ` Answered by ${answer.map((path) => `\`${visible(path)}\``).join(', ')}.`;
  return `${capitalised(text)} (${id}).${answers}`;
}

function maturityText({ maturity }: Explanation): string {
  if (maturity.level === undefined) return 'Nothing is known yet about how models are made and released.';
  const facets = FACETS.map((facet) => `${facet.replace('_', ' ')} ${maturity.facets[facet] ?? 'unknown'}`);
  const level = `Level ${maturity.level} of 4, ${LEVEL_WORDS[maturity.level]}: ${facets.join(', ')}.`;
  return maturity.next.length === 0 ? level : `${level} Next:\n\n${numbered(maturity.next)}`;
}

function growthText({ growth, verdict }: Explanation): string {
  const triggers = growth.triggers.map(
    ({ when, towards }) => `**${ARCHETYPE_WORDS[towards].name}** when ${when}.`,
  );
  const { name, sentence } = ARCHETYPE_WORDS[growth.runnerUp];
  const close = verdict.isBorderline ? `\n\nClose by, **${name}**: ${sentence}.` : '';
  return `${list(triggers)}\n\nNot yet: ${growth.notYet.join('; ')}.${close}`;
}

function nearestText({ article }: Explanation): string {
  const cases = article.nearest.map(
    ({ name, label, source }) => `[${plain(name)}](<${source}>), labelled ${label}`,
  );
  return `Nearest labelled cases (labels that one reader assigned):\n\n${list(cases)}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function numbered(items: readonly string[]): string {
  return items.map((item, index) => `${index + 1}. ${item}`).join('\n');
}

// What came from outside stays text: no markup, no cell, no line of its own.
function plain(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>|]/g, '\\$&');
}
