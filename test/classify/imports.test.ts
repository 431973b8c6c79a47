import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labelledCases } from './labelled.ts';

const CORE = new URL('../../generators/core/', import.meta.url);

/** Every file that starting a classification loads, with its text. */
function loadedFrom(entry: URL, seen = new Map<string, string>()): ReadonlyMap<string, string> {
  if (seen.has(entry.href)) return seen;
  const text = readFileSync(entry, 'utf8');
  seen.set(entry.href, text);
  for (const [, path = ''] of text.matchAll(/from '([^']+)'/g)) {
    expect(path, `${entry.pathname} imports ${path}`).toMatch(/^\.{1,2}\/.*\.ts$/);
    loadedFrom(new URL(path, entry), seen);
  }
  return seen;
}

describe('classification', () => {
  const entries = ['verdict.ts', 'explanation.ts', 'json.ts'].map(
    (name) => new URL(`classify/${name}`, CORE),
  );
  const files = new Map(entries.flatMap((entry) => [...loadedFrom(entry)]));

  it('loads files of its own and of the profile, and no package', () => {
    expect(files.size).toBeGreaterThan(25);
    for (const href of files.keys()) expect(href).toMatch(/\/core\/(classify|profile)\//);
  });

  it('knows no labelled case by name, but for the list that is shown', () => {
    const names = [...labelledCases('boundary'), ...labelledCases('public')].flatMap(({ id, name }) => [
      id,
      name,
    ]);
    const others = [...files].filter(([href]) => !href.endsWith('/labelled-cases.ts'));
    for (const [href, text] of others) {
      const named = names.filter((name) => text.includes(name));
      expect(named, href).toEqual([]);
    }
  });

  it('gives the list that is shown to one file only', () => {
    const users = [...files].filter(([, text]) => text.includes("from './labelled-cases.ts'"));
    expect(users.map(([href]) => href.split('/').at(-1))).toEqual(['nearest-cases.ts']);
  });
});
