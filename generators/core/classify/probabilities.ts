import { ARCHETYPES, eachArchetype, type Points } from './archetypes.ts';

// How fast points become certainty: three points more make an archetype e times as likely. Checked on the labelled
// cases, where a temperature near 3 calls the cases borderline that their reader called borderline.
const TEMPERATURE = 3;

/** Scores as probabilities (softmax). */
export function probabilitiesOf(scores: Points): Points {
  const highest = Math.max(...ARCHETYPES.map((archetype) => scores[archetype]));
  // Less the highest, so that no exponent overflows; the quotient is the same.
  const weights = eachArchetype((archetype) => Math.exp((scores[archetype] - highest) / TEMPERATURE));
  const sum = ARCHETYPES.reduce((total, archetype) => total + weights[archetype], 0);
  return eachArchetype((archetype) => weights[archetype] / sum);
}

/** Four digits are more than the table knows, and the same on every machine, whatever its Math.exp ends in. */
export function roundedProbability(probability: number): number {
  return Math.round(probability * 1e4) / 1e4;
}
