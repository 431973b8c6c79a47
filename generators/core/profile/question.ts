// The face of this stage: what a question is, and everything derived from it.
export { parseAnswer } from './answer.ts';
export type { AnswerValue, ParsedAnswer, Question } from './declaration.ts';
export { nearest } from './nearest.ts';
export { answerText, docsRow, flagOf, helpLine, jsonSchemaOf, yamlComment } from './wording.ts';
