import type { TemplateProblem } from './template-problem.ts';
import type { Token } from './template-tokens.ts';

const MAX_DEPTH = 4;

/**
 * The tokens without the blocks that lie too deep, and a problem for each of those. Done before the tree is built:
 * building it goes down with the blocks, and a hostile template may nest thousands.
 */
export function shallowTokens(tokens: readonly Token[]): { tokens: Token[]; problems: TemplateProblem[] } {
  const problems: TemplateProblem[] = [];
  let depth = 0;
  const kept = tokens.filter((token) => {
    if (opens(token) && ++depth === MAX_DEPTH + 1) {
      problems.push({ at: token.at, message: `blocks are nested at most ${MAX_DEPTH} deep` });
    }
    const isKept = depth <= MAX_DEPTH;
    if (ends(token)) depth = Math.max(0, depth - 1);
    return isKept;
  });
  return { tokens: kept, problems };
}

function opens(token: Token): boolean {
  return token.kind === 'tag' && ['if', 'for', 'block'].includes(token.tag.kind);
}

function ends(token: Token): boolean {
  return token.kind === 'tag' && token.tag.kind === 'end';
}
