import { ARCHETYPE_WORDS, ARCHETYPES, type Archetype } from '../core/classify/archetypes.ts';
import type { Override } from '../core/classify/explanation.ts';
import type { Verdict } from '../core/classify/verdict.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';
import { askQuestion } from './ask.ts';
import type { Terminal } from './terminal.ts';

/** Whether the person agrees; if not, which kind it is, and why. */
export async function askedOverride(terminal: Terminal, verdict: Verdict): Promise<Override | undefined> {
  const others = [verdict.runnerUp, ...ARCHETYPES].filter((id) => id !== verdict.archetype);
  const chosen = await terminal.ask({
    kind: 'select',
    message: 'Which kind is to be kept?',
    choices: [verdict.archetype, ...new Set(others)].map((id) => ({ value: id, name: labelOf(id, verdict) })),
    default: verdict.archetype,
  });
  const archetype = ARCHETYPES.find((id) => id === chosen);
  if (archetype === undefined || archetype === verdict.archetype) return undefined;
  return { archetype, reason: await askedReason(terminal) };
}

/** Why another kind than the verdict's; Enter gives none. */
export async function askedReason(terminal: Terminal): Promise<string | undefined> {
  const question = PROJECT_QUESTIONS.find(({ key }) => key === 'reason');
  const reason = question && (await askQuestion(terminal, question));
  return typeof reason === 'string' ? reason : undefined;
}

function labelOf(id: Archetype, { archetype, runnerUp }: Verdict): string {
  const { name } = ARCHETYPE_WORDS[id];
  if (id === archetype) return `${name}, what the answers say`;
  return id === runnerUp ? `${name}, the next in line` : name;
}
