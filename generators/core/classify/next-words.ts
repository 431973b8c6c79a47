import { ARCHETYPE_WORDS, type Archetype } from './archetypes.ts';
import type { NextReason } from './next-question.ts';

/** What hangs on the question that is asked next, as a sentence; `leader` is the archetype that leads so far. */
export function reasonInWords(reason: NextReason, leader: Archetype): string {
  const now = ARCHETYPE_WORDS[leader].name;
  switch (reason.kind) {
    case 'scope':
      return 'All other answers depend on it.';
    case 'alone':
      return `So far ${now}; the answer can make it ${ARCHETYPE_WORDS[reason.towards].name}.`;
    case 'together':
      return `So far ${now}; with one more answer it can be ${ARCHETYPE_WORDS[reason.towards].name}.`;
    case 'evidence':
      return `So far ${now}, but too little is known for a verdict.`;
    case 'overlay':
      return 'The kind stays; the answer can add approvals, an audit log and a model card.';
  }
}
