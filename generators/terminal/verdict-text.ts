import { explainVerdict, explanationText } from '../core/classify/explanation.ts';
import type { Interview } from './ask-facts.ts';
import type { Terminal } from './terminal.ts';

/** The verdict and its reasons, on one screen. */
export function verdictText({ profile, verdict }: Interview, { paint }: Terminal): string {
  return `\n${explanationText(explainVerdict(profile, verdict), paint)}`;
}
