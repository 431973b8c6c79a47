import fc from 'fast-check';
import { FACTS } from '../../generators/core/profile/facts.ts';
import type { Known, Profile } from '../../generators/core/profile/profile.ts';
import type { AnswerValue, Question } from '../../generators/core/profile/question.ts';

/** Any answer that a question takes; numbers are spread over the decades, where the bands are. */
export function answerTo(question: Question): fc.Arbitrary<AnswerValue> {
  switch (question.kind) {
    case 'count':
      return decades(question.max).map(Math.round);
    case 'number':
      return decades(question.max);
    case 'yes-no':
      return fc.boolean();
    case 'text':
      return fc.string({ maxLength: question.maxLength });
    case 'choice':
      return fc.constantFrom(
        ...question.values.map(({ value }) => value),
        ...(question.open ? ['other'] : []),
      );
    case 'list':
      return fc.subarray(
        question.values.map(({ value }) => value),
        { maxLength: 4 },
      );
  }
}

/** Any profile: each fact unknown, or with any answer. */
export function profiles(): fc.Arbitrary<Profile> {
  const known = FACTS.map((fact) =>
    fc.option(
      answerTo(fact).map((value): readonly [string, Known] => [fact.key, { value, source: 'flag' }]),
      {
        nil: undefined,
      },
    ),
  );
  return fc.tuple(...known).map((entries) => new Map(entries.filter((entry) => entry !== undefined)));
}

function decades(max: number): fc.Arbitrary<number> {
  const highest = Math.min(12, Math.log10(max));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 9, arbitrary: fc.double({ min: 0, max: highest, noNaN: true }).map((power) => 10 ** power) },
  );
}
