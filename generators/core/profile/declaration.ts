/**
 * The one declaration of a question. A fact of ours and a choice that comes from a manifest are both a Question,
 * and everything that is ever said or checked about it is derived from it, so that no two places can disagree.
 */
export type Question =
  | CountQuestion
  | NumberQuestion
  | ChoiceQuestion
  | ListQuestion
  | YesNoQuestion
  | TextQuestion;

interface QuestionBase {
  readonly key: string;
  readonly group: 'project' | 'fact' | 'choice';
  /** The prompt. */
  readonly message: string;
  /** One line: why it is asked. */
  readonly why: string;
  readonly unit?: string;
}

/** One of the answers that a choice or a list knows, with the other spellings that mean the same. */
export interface AllowedValue {
  readonly value: string;
  readonly label: string;
  readonly aliases?: readonly string[];
}

/** A whole number from 0 up. */
export interface CountQuestion extends QuestionBase {
  readonly kind: 'count';
  readonly max: number;
}

/** A number in the question's unit; "1.5 TB", "300k" and "2M" are understood. */
export interface NumberQuestion extends QuestionBase {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
}

/** One of some values; an open one takes any other word too, as "other". */
export interface ChoiceQuestion extends QuestionBase {
  readonly kind: 'choice';
  readonly values: readonly AllowedValue[];
  readonly open?: boolean;
  readonly default?: string;
}

/** Any number of values; the empty list means "known to be none". */
export interface ListQuestion extends QuestionBase {
  readonly kind: 'list';
  readonly values: readonly AllowedValue[];
  readonly open: boolean;
}

interface YesNoQuestion extends QuestionBase {
  readonly kind: 'yes-no';
  readonly default?: boolean;
}

export interface TextQuestion extends QuestionBase {
  readonly kind: 'text';
  readonly maxLength: number;
  readonly default?: string;
}

export type AnswerValue = string | number | boolean | readonly string[];

export type ParsedAnswer =
  | { readonly kind: 'value'; readonly value: AnswerValue; readonly note?: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'invalid'; readonly message: string };

/** What an open question records for a word that it does not know. */
export const OTHER = 'other';
