import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Archetype, ranked } from '../../generators/core/classify/archetypes.ts';
import { classifyProfile, type Verdict } from '../../generators/core/classify/verdict.ts';
import { type ParsedProfile, type Profile, parseProfile } from '../../generators/core/profile/profile.ts';

/** A case as one reader labelled it: `cases/*.yaml`. */
export interface LabelledCase {
  readonly id: string;
  readonly name: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly label: Label | null;
  readonly second_best: Label | null;
  readonly confidence: 'sure' | 'likely' | 'borderline' | 'none';
  readonly expect?: { readonly kind: string; readonly warnings?: readonly string[] };
}

type Label = 'small' | 'big' | 'hybrid' | 'large';

const ARCHETYPE_OF: Readonly<Record<Label, Archetype>> = {
  small: 'small-data',
  big: 'big-data',
  hybrid: 'hybrid',
  large: 'large-scale',
};

export function labelledCases(file: 'boundary' | 'public'): readonly LabelledCase[] {
  return casesIn(readFileSync(new URL(`cases/${file}.yaml`, import.meta.url), 'utf8'));
}

/** The cases of a file, by its text. */
export function casesIn(text: string): readonly LabelledCase[] {
  return parse(text).cases;
}

export function parsedCase(one: LabelledCase, dropped: readonly string[] = []): ParsedProfile {
  // Notes are for the reader of the file, and no fact.
  const kept = Object.entries(one.facts).filter(([key]) => key !== 'notes' && !dropped.includes(key));
  return parseProfile(Object.fromEntries(kept), 'file');
}

export function profileOf(facts: Readonly<Record<string, unknown>>): Profile {
  const { profile, problems } = parseProfile(facts, 'flag');
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '));
  return profile;
}

export function caseNamed(id: string): LabelledCase {
  const found = [...labelledCases('boundary'), ...labelledCases('public')].find((one) => one.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
}

export function labelOf(one: LabelledCase): Archetype {
  if (one.label === null) throw new Error(`${one.id} has no label`);
  return ARCHETYPE_OF[one.label];
}

export function acceptedFor(one: LabelledCase): readonly Archetype[] {
  return [one.label, one.second_best].filter((label) => label !== null).map((label) => ARCHETYPE_OF[label]);
}

export function isStrong(one: LabelledCase): boolean {
  return one.confidence === 'sure' || one.confidence === 'likely';
}

export interface Agreement {
  readonly cases: number;
  readonly exact: number;
  readonly firstTwo: number;
  readonly final: number;
  readonly finalExact: number;
  readonly missed: readonly string[];
}

/** How many of the sure and likely cases get the label that their reader gave them. */
export function agreementOn(cases: readonly LabelledCase[], dropped: readonly string[] = []): Agreement {
  const judged = cases.filter(isStrong).map((one) => {
    const verdict = classifyProfile(parsedCase(one, dropped).profile);
    return { one, verdict, isExact: verdict.archetype === labelOf(one) };
  });
  const final = judged.filter(({ verdict }) => verdict.status === 'final');
  return {
    cases: judged.length,
    exact: judged.filter(({ isExact }) => isExact).length,
    firstTwo: judged.filter(({ one, verdict }) => isInFirstTwo(one, verdict)).length,
    final: final.length,
    finalExact: final.filter(({ isExact }) => isExact).length,
    missed: judged.filter(({ isExact }) => !isExact).map(({ one }) => one.id),
  };
}

function isInFirstTwo(one: LabelledCase, verdict: Verdict): boolean {
  return ranked(verdict.scores).slice(0, 2).includes(labelOf(one));
}

/** The share of the most frequent label: what one would reach by always saying the same. */
export function majorityShare(cases: readonly LabelledCase[]): number {
  const labels = cases.filter(isStrong).map(labelOf);
  return Math.max(...labels.map((label) => labels.filter((other) => other === label).length)) / labels.length;
}

/** The 95 % Wilson score interval of a share (Wilson 1927), in per cent. */
export function wilsonInterval(hits: number, of: number): readonly [number, number] {
  const z = 1.96;
  const share = hits / of;
  const centre = share + (z * z) / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [Math.round((100 * (centre - spread)) / scale), Math.round((100 * (centre + spread)) / scale)];
}
