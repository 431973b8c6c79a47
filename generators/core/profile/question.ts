// The face of this stage: what a question is, and everything derived from it.
export { parseAnswer } from './answer.ts';
export type {
  AllowedValue,
  AnswerValue,
  ChoiceQuestion,
  CountQuestion,
  ListQuestion,
  NumberQuestion,
  ParsedAnswer,
  Question,
  TextQuestion,
  YesNoQuestion,
} from './declaration.ts';
export { OTHER } from './declaration.ts';
export { nearest } from './nearest.ts';
export { answerText, docsRow, flagOf, helpLine, jsonSchemaOf, yamlComment } from './wording.ts';
