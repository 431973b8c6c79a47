// Why a verdict is what it is: as data, for a terminal, and as a page.
export type { AnsweredPitfall, ChangePart, Explanation, PitfallAnswers, VerdictPart } from './eight-parts.ts';
export { answeredPitfalls, explainVerdict } from './eight-parts.ts';
export { explanationMarkdown } from './explanation-markdown.ts';
export { explanationText } from './explanation-text.ts';
export { type Painter, PLAIN } from './layout.ts';
