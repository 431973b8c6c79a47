import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCHETYPES, sumOfPoints } from '../../generators/core/classify/archetypes.ts';
import { changedProfile, changesOf } from '../../generators/core/classify/changes.ts';
import { probabilitiesOf } from '../../generators/core/classify/probabilities.ts';
import { SCORED_QUESTIONS, scoreProfile } from '../../generators/core/classify/scores.ts';
import { scoresAfter, scoresWithout, trialsOn } from '../../generators/core/classify/trials.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { FACTS, factNamed } from '../../generators/core/profile/facts.ts';
import {
  type Profile,
  parseProfile,
  withAnswer,
  withAnswers,
} from '../../generators/core/profile/profile.ts';
import type { AnswerValue, Question } from '../../generators/core/profile/question.ts';
import { answerTo, profiles } from './arbitrary-profile.ts';
import { caseNamed, labelOf, parsedCase } from './labelled.ts';

const EPSILON = 1e-12;
const ROLE_KEYS = ['roles_present', 'data_scientists', 'data_engineers', 'ml_engineers', 'devops_engineers'];

function smallShare(profile: Profile): number {
  return probabilitiesOf(scoreProfile(profile).scores)['small-data'];
}

function orderedPair(key: string, arbitrary: fc.Arbitrary<number>) {
  return fc.tuple(profiles(), arbitrary, arbitrary).map(([profile, a, b]) => ({
    less: withAnswer(profile, key, Math.min(a, b)),
    more: withAnswer(profile, key, Math.max(a, b)),
  }));
}

function question(key: string) {
  const fact = factNamed(key);
  if (fact === undefined) throw new Error(`no fact ${key}`);
  return fact;
}

describe('the scores of any profile', () => {
  it('are exactly evidence and adjustments', () => {
    fc.assert(
      fc.property(profiles(), (profile) => {
        const { evidence, adjustments, scores } = classifyProfile(profile);
        expect(sumOfPoints([...evidence, ...adjustments].map((one) => one.points))).toEqual(scores);
      }),
      { numRuns: 300 },
    );
  });

  it('come out the same when only what changed is read again', () => {
    fc.assert(
      fc.property(profiles(), (profile) => {
        for (const { change, scores } of trialsOn(profile, scoreProfile(profile)).single) {
          expect(scores, JSON.stringify(change)).toEqual(
            scoreProfile(changedProfile(profile, change)).scores,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('come out the same for two changes at once, and without an answer', () => {
    fc.assert(
      fc.property(profiles(), fc.nat(), fc.nat(), (profile, a, b) => {
        const before = scoreProfile(profile);
        const trials = trialsOn(profile, before);
        const [one, other] = [a, b].map((at) => trials.single[at % trials.single.length]);
        if (one === undefined || other === undefined || one.change.question === other.change.question) return;
        expect(scoresAfter(trials, one, other)).toEqual(
          scoreProfile(changedProfile(profile, one.change, other.change)).scores,
        );
        for (const worth of before.worths) {
          const keys = worth.question === 'roles_present' ? ROLE_KEYS : [worth.from];
          const rest = withAnswers(profile, Object.fromEntries(keys.map((key) => [key, undefined])));
          expect(scoresWithout(profile, before, worth), worth.question).toEqual(scoreProfile(rest).scores);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never hold small-data higher for more data', () => {
    // Half of them near a boundary, where points go over from one class to the next.
    const decade = fc.oneof(
      fc.double({ min: -2, max: 8, noNaN: true }),
      fc.double({ min: 2.85, max: 3.15, noNaN: true }),
    );
    const volumes = decade.map((power) => 10 ** power);
    fc.assert(
      fc.property(orderedPair('data_volume_gb', volumes), ({ less, more }) => {
        expect(scoreProfile(more).scores['small-data']).toBeLessThanOrEqual(
          scoreProfile(less).scores['small-data'],
        );
        expect(smallShare(more)).toBeLessThanOrEqual(smallShare(less) + EPSILON);
      }),
      { numRuns: 4000 },
    );
  });

  it('never hold small-data higher for a second team', () => {
    fc.assert(
      fc.property(orderedPair('teams_doing_ml', fc.integer({ min: 1, max: 12 })), ({ less, more }) => {
        expect(scoreProfile(more).scores['small-data']).toBeLessThanOrEqual(
          scoreProfile(less).scores['small-data'],
        );
        expect(smallShare(more)).toBeLessThanOrEqual(smallShare(less) + EPSILON);
      }),
      { numRuns: 500 },
    );
  });

  it('never hold hybrid higher once CI/CD is gone', () => {
    fc.assert(
      fc.property(profiles(), fc.constantFrom('partial', 'automated'), (profile, before) => {
        const had = scoreProfile(withAnswer(profile, 'ci_cd', before)).scores;
        const has = scoreProfile(withAnswer(profile, 'ci_cd', 'none')).scores;
        expect(has.hybrid).toBeLessThanOrEqual(had.hybrid);
        expect(probabilitiesOf(has).hybrid).toBeLessThanOrEqual(probabilitiesOf(had).hybrid + EPSILON);
      }),
      { numRuns: 500 },
    );
  });

  it('move by a new answer only through that answer', () => {
    const asked = fc.constantFrom(...FACTS).chain((fact) => fc.tuple(fc.constant(fact), answerTo(fact)));
    fc.assert(
      fc.property(profiles(), asked, (profile, [fact, value]) => {
        const before = scoreProfile(withAnswer(profile, fact.key, undefined));
        const after = scoreProfile(withAnswer(profile, fact.key, value));
        const moved = SCORED_QUESTIONS.filter(
          (one) =>
            JSON.stringify(before.worths.find((worth) => worth.question === one)?.points) !==
            JSON.stringify(after.worths.find((worth) => worth.question === one)?.points),
        );
        expect(rowsOf(fact.key)).toEqual(expect.arrayContaining(moved));
      }),
      { numRuns: 1000 },
    );
  });
});

// The head counts and the named roles are one row; where the counts are incomplete, the size of the team completes it.
function rowsOf(key: string): readonly string[] {
  if (/^(data_scientists|.*_engineers|roles_present)$/.test(key)) return ['roles_present'];
  if (key === 'team_size') return ['team_size', 'roles_present'];
  if (key === 'org_type') return ['company_size'];
  if (key === 'data_volume_basis') return ['data_volume_gb'];
  return [key];
}

describe('the same answers', () => {
  it('give the same verdict in any order', () => {
    fc.assert(
      fc.property(profiles(), fc.nat(), (profile, turn) => {
        const entries = [...profile];
        const start = turn % Math.max(1, entries.length);
        const turned = [...entries.slice(start), ...entries.slice(0, start)];
        expect(classifyProfile(new Map(turned))).toEqual(classifyProfile(profile));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [{ frameworks: 'torch' }, { frameworks: ['pytorch'] }],
    [{ frameworks: 'mllib, sklearn' }, { frameworks: 'scikit-learn,spark-mllib' }],
    [{ data_volume_gb: '1.5 TB' }, { data_volume_gb: 1500 }],
    [{ big_data_tools: 'kafka;pyspark' }, { big_data_tools: ['spark', 'kafka'] }],
    [{ roles_present: 'data scientists, data engineers' }, { roles_present: ['de', 'ds'] }],
    [{ predictions_per_day: '2M' }, { predictions_per_day: 2_000_000 }],
    [{ cloud: 'google' }, { cloud: 'gcp' }],
  ])('give the same verdict in other words: %j, %j', (one, other) => {
    const common = { team_size: 6, company_size: 120 };
    const verdictOf = (facts: object) =>
      classifyProfile(parseProfile({ ...common, ...facts }, 'flag').profile);
    expect(verdictOf(one)).toEqual(verdictOf(other));
  });
});

/** A fact as one of the ways in which people write it: another spelling, another order, another unit. */
function spellings(fact: Question, value: AnswerValue): fc.Arbitrary<unknown> {
  const named = 'values' in fact ? fact.values : [];
  const word = (name: string) => {
    const known = named.find((one) => one.value === name);
    return fc
      .constantFrom(name, ...(known?.aliases ?? []))
      .chain((text) => fc.constantFrom(text, text.toUpperCase(), text.replaceAll('_', ' '), ` ${text} `));
  };
  if (fact.kind === 'choice') return word(String(value));
  if (typeof value === 'object') {
    const words = fc.shuffledSubarray([...value], { minLength: value.length });
    return words.chain((all) => fc.tuple(...all.map(word)));
  }
  if (fact.key !== 'data_volume_gb') return fc.constant(value);
  return fc.constantFrom(value, `${value} GB`, `${Number(value) * 1000} MB`, `${Number(value) / 1000}TB`);
}

describe('any way to write an answer', () => {
  const written = fc.constantFrom(...FACTS.filter(({ key }) => key !== 'data_volume_basis')).chain((fact) => {
    // Whole numbers of GB, since the other units are computed in floating point here.
    const value = fact.key === 'data_volume_gb' ? fc.integer({ min: 0, max: 10_000 }) : answerTo(fact);
    return value.chain((answer) => fc.tuple(fc.constant(fact), fc.constant(answer), spellings(fact, answer)));
  });

  it('gives the same verdict', () => {
    fc.assert(
      fc.property(profiles(), written, (profile, [fact, value, raw]) => {
        const parsed = parseProfile({ [fact.key]: raw }, 'flag');
        expect(parsed.problems).toEqual([]);
        const given = parsed.profile.get(fact.key)?.value;
        if (given === undefined) return;
        expect(classifyProfile(withAnswer(profile, fact.key, given))).toEqual(
          classifyProfile(withAnswer(profile, fact.key, value)),
        );
      }),
      { numRuns: 400 },
    );
  });
});

describe('answers about practice', () => {
  it.each(['anchor-small', 'anchor-big', 'anchor-hybrid', 'anchor-large'])('never move %s', (id) => {
    const anchor = caseNamed(id);
    const { profile } = parsedCase(anchor);
    const practice = fc.record({
      orchestration: fc.option(answerTo(question('orchestration')), { nil: undefined }),
      ci_cd: fc.option(answerTo(question('ci_cd')), { nil: undefined }),
      registry: fc.option(answerTo(question('registry')), { nil: undefined }),
      monitoring: fc.option(answerTo(question('monitoring')), { nil: undefined }),
    });
    fc.assert(
      fc.property(practice, (answers) => {
        expect(classifyProfile(withAnswers(profile, answers)).archetype).toBe(labelOf(anchor));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the verdict of any profile', () => {
  it('has probabilities that add up to 1, and the leader first', () => {
    fc.assert(
      fc.property(profiles(), (profile) => {
        const { probabilities, archetype, runnerUp, margin } = classifyProfile(profile);
        expect(ARCHETYPES.reduce((sum, one) => sum + probabilities[one], 0)).toBeCloseTo(1, 10);
        expect(Math.max(...ARCHETYPES.map((one) => probabilities[one]))).toBe(probabilities[archetype]);
        expect(margin).toBe(probabilities[archetype] - probabilities[runnerUp]);
      }),
      { numRuns: 200 },
    );
  });

  it('names other answers only when they truly lead elsewhere', () => {
    fc.assert(
      fc.property(profiles(), (profile) => {
        const { archetype, counterfactuals } = classifyProfile(profile);
        for (const one of counterfactuals) {
          expect(classifyProfile(withAnswers(profile, one.set)).archetype).toBe(one.archetype);
          expect(one.archetype).not.toBe(archetype);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('asks next only for what is not answered', () => {
    fc.assert(
      fc.property(profiles(), (profile) => {
        const { nextQuestion } = classifyProfile(profile);
        if (nextQuestion !== undefined) expect(profile.has(nextQuestion)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('asks for the other roles once one is counted', () => {
    const counted = parseProfile({ team_size: 10, data_scientists: 4 }, 'prompt').profile;
    expect(changesOf(counted).filter((change) => change.question === 'roles_present')).toHaveLength(5);
    const all = { data_volume_gb: 100, company_size: 250, teams_doing_ml: 1, regulation: 'none' };
    const nearly = parseProfile({ team_size: 10, data_scientists: 4, ...all }, 'prompt').profile;
    expect(classifyProfile(nearly).nextQuestion).toBe('data_engineers');
  });

  it('has as many other answers worth trying as the table has cases', () => {
    expect(changesOf(new Map()).length).toBeGreaterThan(60);
  });
});
