import { ARCHETYPES, type Archetype, ranked } from '../../generators/core/classify/archetypes.ts';
import { SCORED_QUESTIONS, scoreProfile } from '../../generators/core/classify/scores.ts';
import { type Case, type ScoredQuestion, TABLE, type Table } from '../../generators/core/classify/table.ts';
import type { Profile } from '../../generators/core/profile/profile.ts';
import { type LabelledCase, labelOf, parsedCase } from '../../test/classify/labelled.ts';
import { table } from './tables.ts';

const STEP = 0.25;
const FARTHEST = 4;

interface Judged {
  readonly profile: Profile;
  readonly label: Archetype;
  readonly used: ReadonlySet<Case>;
}

interface Weight {
  readonly question: ScoredQuestion;
  readonly name: string;
  readonly archetype: Archetype;
}

interface Slack {
  /** Points that the weight can rise or fall before a sure case flips; undefined beyond four. */
  readonly up: number | undefined;
  readonly down: number | undefined;
}

/** For every weight how far it can move, alone, before a sure case that is right now becomes wrong. */
export function sensitivityTable(cases: readonly LabelledCase[]): string {
  const judged = sureAndRight(cases);
  const rows = SCORED_QUESTIONS.flatMap((question) =>
    Object.entries(casesOf(question)).map(([name, one]) => {
      const cells = ARCHETYPES.map((archetype) => {
        const slack = slackOf({ question, name, archetype }, one, judged);
        return `${one.points[archetype]} ${slackText(slack)}`.trim();
      });
      return [`\`${question}\` ${one.when}`, ...cells];
    }),
  );
  return table(['answer', ...ARCHETYPES], rows);
}

/** The weights that matter most: the next quarter to a whole point would flip a sure case. */
export function tightestWeights(cases: readonly LabelledCase[], within: number): readonly string[] {
  const judged = sureAndRight(cases);
  return allWeights().flatMap(({ weight, one }) => {
    const { up, down } = slackOf(weight, one, judged);
    const nearest = Math.min(up ?? Number.POSITIVE_INFINITY, down ?? Number.POSITIVE_INFINITY);
    return nearest <= within ? [`\`${weight.question}\` ${one.when}, ${weight.archetype}: ${nearest}`] : [];
  });
}

function allWeights(): readonly { readonly weight: Weight; readonly one: Case }[] {
  return SCORED_QUESTIONS.flatMap((question) =>
    Object.entries(casesOf(question)).flatMap(([name, one]) =>
      ARCHETYPES.map((archetype) => ({ weight: { question, name, archetype }, one })),
    ),
  );
}

export function weightCount(): number {
  return allWeights().length;
}

function sureAndRight(cases: readonly LabelledCase[]): readonly Judged[] {
  return cases.flatMap((one) => {
    if (one.confidence !== 'sure') return [];
    const { profile } = parsedCase(one);
    const { worths } = scoreProfile(profile);
    const judged = { profile, label: labelOf(one), used: new Set(worths.map(({ main }) => main)) };
    return leads(judged, TABLE) ? [judged] : [];
  });
}

export function sureCount(cases: readonly LabelledCase[]): number {
  return sureAndRight(cases).length;
}

function slackOf(weight: Weight, one: Case, judged: readonly Judged[]): Slack {
  const touched = judged.filter(({ used }) => used.has(one));
  return { up: farthest(weight, one, touched, STEP), down: farthest(weight, one, touched, -STEP) };
}

/** The first step at which a case flips; undefined when none does on the way. */
function farthest(weight: Weight, one: Case, judged: readonly Judged[], step: number): number | undefined {
  for (let moved = step; Math.abs(moved) <= FARTHEST && judged.length > 0; moved += step) {
    const changed = withWeight(weight, one, moved);
    if (!judged.every((each) => leads(each, changed))) return Math.abs(moved);
  }
  return undefined;
}

function withWeight({ question, name, archetype }: Weight, one: Case, moved: number): Table {
  const points = { ...one.points, [archetype]: one.points[archetype] + moved };
  const row = { ...TABLE[question], cases: { ...casesOf(question), [name]: { ...one, points } } };
  return { ...TABLE, [question]: row };
}

function leads({ profile, label }: Judged, weights: Table): boolean {
  return ranked(scoreProfile(profile, weights).scores)[0] === label;
}

function casesOf(question: ScoredQuestion): Readonly<Record<string, Case>> {
  return TABLE[question].cases;
}

function slackText({ up, down }: Slack): string {
  const marks = [...(down === undefined ? [] : [`▼${down}`]), ...(up === undefined ? [] : [`▲${up}`])];
  return marks.join(' ');
}
