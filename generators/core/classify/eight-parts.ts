import { factNamed } from '../profile/facts.ts';
import type { Profile } from '../profile/profile.ts';
import { type AnswerValue, flagOf } from '../profile/question.ts';
import { ARCHETYPE_WORDS, type Archetype } from './archetypes.ts';
import { type Arguments, argumentsFor } from './arguments.ts';
import type { Counterfactual } from './counterfactuals.ts';
import type { Finding } from './finding.ts';
import { GROWTH, type Growth } from './growth.ts';
import { changeInWords } from './hypothesis.ts';
import type { Maturity } from './maturity.ts';
import { type NearestCase, nearestCases } from './nearest-cases.ts';
import { reasonInWords } from './next-words.ts';
import type { Pitfall } from './pitfalls.ts';
import type { Confidence, Verdict } from './verdict.ts';

/** The files of the written repository that answer a pitfall, by its id; only who wrote it knows them. */
export type PitfallAnswers = ReadonlyMap<string, readonly string[]>;

export interface AnsweredPitfall extends Pitfall {
  readonly answer: readonly string[];
}

/** Why a verdict is what it is, in eight parts, as data: terminal, ARCHETYPE.md and reports print the same. */
export interface Explanation {
  readonly verdict: VerdictPart;
  readonly arguments: Arguments;
  readonly changes: readonly ChangePart[];
  readonly findings: readonly Finding[];
  readonly pitfalls: readonly AnsweredPitfall[];
  readonly maturity: Maturity;
  readonly growth: Growth & { readonly runnerUp: Archetype };
  readonly article: { readonly sentence: string; readonly nearest: readonly NearestCase[] };
  /** The open question that can move the verdict most. */
  readonly next: NextPart | undefined;
}

interface NextPart {
  readonly question: string;
  readonly flag: string;
  readonly message: string;
  /** What hangs on the answer. */
  readonly why: string;
}

export interface VerdictPart {
  /** Said first, when the verdict is not final. */
  readonly notFinal: string | undefined;
  readonly archetype: Archetype;
  readonly name: string;
  readonly confidence: Confidence;
  readonly isBorderline: boolean;
  readonly runnerUp: string;
  readonly answered: number;
  readonly asked: number;
}

interface ChangePart {
  readonly set: Readonly<Record<string, AnswerValue>>;
  readonly words: string;
  readonly towards: string;
}

/** Explains a verdict about a profile; `answers` names the files that answer its pitfalls. */
export function explainVerdict(
  profile: Profile,
  verdict: Verdict,
  answers: PitfallAnswers = new Map(),
): Explanation {
  return {
    verdict: verdictPart(verdict),
    arguments: argumentsFor(verdict),
    changes: verdict.counterfactuals.map((one) => changePart(profile, one)),
    findings: verdict.findings,
    pitfalls: verdict.pitfalls.map((pitfall) => ({ ...pitfall, answer: answers.get(pitfall.id) ?? [] })),
    maturity: verdict.maturity,
    growth: { ...GROWTH[verdict.archetype], runnerUp: verdict.runnerUp },
    article: {
      sentence: ARCHETYPE_WORDS[verdict.archetype].sentence,
      nearest: nearestCases(profile),
    },
    next: nextPart(verdict),
  };
}

function verdictPart(verdict: Verdict): VerdictPart {
  return {
    notFinal: NOT_FINAL[verdict.status],
    archetype: verdict.archetype,
    name: ARCHETYPE_WORDS[verdict.archetype].name,
    confidence: verdict.confidence,
    isBorderline: verdict.isBorderline,
    runnerUp: ARCHETYPE_WORDS[verdict.runnerUp].name,
    answered: verdict.answered,
    asked: verdict.asked,
  };
}

function nextPart({ nextQuestion, nextReason, archetype }: Verdict): NextPart | undefined {
  const fact = nextQuestion === undefined ? undefined : factNamed(nextQuestion);
  if (fact === undefined || nextReason === undefined) return undefined;
  const why = reasonInWords(nextReason, archetype);
  return { question: fact.key, flag: flagOf(fact), message: fact.message, why };
}

const NOT_FINAL: Readonly<Record<Verdict['status'], string | undefined>> = {
  final: undefined,
  'needs-more-information': 'Not final: too little is known to decide.',
  contradictory: 'Not final: some answers contradict each other.',
};

function changePart(profile: Profile, counterfactual: Counterfactual): ChangePart {
  return {
    set: counterfactual.set,
    words: changeInWords(profile, counterfactual.set),
    towards: ARCHETYPE_WORDS[counterfactual.archetype].name,
  };
}
