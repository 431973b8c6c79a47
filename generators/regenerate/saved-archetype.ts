import { lookAt } from '../core/io/on-disk.ts';
import { MANIFEST } from '../core/merge/state.ts';

/** What `mlops.yaml` names as its archetype; null where it does not. */
export function savedArchetype(root: string): string | null {
  const found = lookAt(root, MANIFEST);
  return found.kind === 'file' ? archetypeIn(found.bytes) : null;
}

export function archetypeIn(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes).toString('utf8');
  return /^archetype:[ \t]*["']?([a-z-]+)/m.exec(text)?.[1] ?? null;
}
