import { ranked } from '../../generators/core/classify/archetypes.ts';
import { classifyProfile, type Verdict } from '../../generators/core/classify/verdict.ts';
import {
  agreementOn,
  isStrong,
  type LabelledCase,
  labelOf,
  majorityShare,
  parsedCase,
  wilsonInterval,
} from '../../test/classify/labelled.ts';
import { share, table } from './tables.ts';

export interface CaseSet {
  readonly name: string;
  readonly cases: readonly LabelledCase[];
  readonly dropped?: readonly string[];
}

/** How many sure and likely labels the verdict repeats, with the interval and what always saying the same would give. */
export function agreementTable(sets: readonly CaseSet[]): string {
  const rows = sets.map(({ name, cases, dropped }) => {
    const one = agreementOn(cases, dropped);
    const [low, high] = wilsonInterval(one.exact, one.cases);
    const cells = [share(one.exact, one.cases), `${low}–${high} %`, share(one.firstTwo, one.cases)];
    const missed = one.missed.map((id) => `\`${id}\``).join(', ');
    return [
      name,
      ...cells,
      share(one.finalExact, one.final),
      percentOf(majorityShare(cases)),
      missed || 'none',
    ];
  });
  const head = [
    'cases',
    'exact',
    '95 % interval',
    'in the first two',
    'exact of the final ones',
    'majority',
    'missed',
  ];
  return table(head, rows);
}

/** Whether every listed finding is raised, and no blocking one that is not listed. */
export function findingsTable(sets: readonly CaseSet[]): string {
  const rows = sets.map(({ name, cases }) => {
    const checked = cases.map(findingsOf);
    const missing = checked.flatMap((one) => one.missing);
    const spurious = checked.flatMap((one) => one.spurious);
    const listed = checked.reduce((sum, one) => sum + one.listed, 0);
    return [name, String(listed), missing.join(', ') || 'none', spurious.join(', ') || 'none'];
  });
  return table(['cases', 'findings listed', 'not raised', 'blocking and not listed'], rows);
}

interface FindingsOfCase {
  readonly listed: number;
  readonly missing: readonly string[];
  readonly spurious: readonly string[];
}

function findingsOf(one: LabelledCase): FindingsOfCase {
  const listed = one.expect?.warnings ?? [];
  const { profile, problems } = parsedCase(one);
  if (listed.includes('INVALID_VALUE'))
    return { listed: 1, missing: problems.length > 0 ? [] : [`${one.id} INVALID_VALUE`], spurious: [] };
  const { findings } = classifyProfile(profile);
  const raised = findings.map(({ code }) => code as string);
  const blocking = findings.filter(({ severity }) => severity === 'blocking').map(({ code }) => code);
  // A sparse account of a real organisation lists no finding; that it is thin is no surprise.
  const isThin = (code: string) => code === 'INSUFFICIENT_EVIDENCE' && one.expect === undefined;
  return {
    listed: listed.length,
    missing: listed.filter((code) => !raised.includes(code)).map((code) => `${one.id} ${code}`),
    spurious: blocking
      .filter((code) => !listed.includes(code) && !isThin(code))
      .map((code) => `${one.id} ${code}`),
  };
}

/** What the confidence word is worth: how often a verdict of that word repeats the label. */
export function calibrationTable(cases: readonly LabelledCase[]): string {
  const judged = cases.filter(({ label }) => label !== null).map((one) => ({ one, verdict: verdictOf(one) }));
  const rows = (['high', 'medium', 'low'] as const).map((word) => {
    const ofWord = judged.filter(({ verdict }) => verdict.confidence === word);
    const exact = ofWord.filter(({ one, verdict }) => verdict.archetype === labelOf(one)).length;
    const firstTwo = ofWord.filter(({ one, verdict }) => firstTwoOf(verdict).includes(labelOf(one))).length;
    const sure = ofWord.filter(({ one }) => isStrong(one)).length;
    const cells = [share(exact, ofWord.length), share(firstTwo, ofWord.length), share(sure, ofWord.length)];
    return [word, String(ofWord.length), ...cells, meanProbability(ofWord.map(({ verdict }) => verdict))];
  });
  const head = ['confidence', 'cases', 'exact', 'in the first two', 'sure or likely to the reader'];
  return table([...head, 'mean probability of the first'], rows);
}

function verdictOf(one: LabelledCase): Verdict {
  return classifyProfile(parsedCase(one).profile);
}

function firstTwoOf({ scores }: Verdict): readonly string[] {
  return ranked(scores).slice(0, 2);
}

function meanProbability(verdicts: readonly Verdict[]): string {
  const sum = verdicts.reduce((total, { archetype, probabilities }) => total + probabilities[archetype], 0);
  return verdicts.length === 0 ? '' : percentOf(sum / verdicts.length);
}

function percentOf(part: number): string {
  return `${Math.round(100 * part)} %`;
}
