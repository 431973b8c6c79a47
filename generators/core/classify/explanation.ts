// Why a verdict is what it is: as data, for a terminal, and as a page.
export type { PitfallAnswers } from './eight-parts.ts';
export { explainVerdict } from './eight-parts.ts';
export { explanationMarkdown } from './explanation-markdown.ts';
export { explanationText } from './explanation-text.ts';
export type { Painter } from './layout.ts';
export { isReport, type Override, type ReportParts, reportHtml } from './report-html.ts';
