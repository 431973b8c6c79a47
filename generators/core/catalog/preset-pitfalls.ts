import { join } from 'node:path';
import { parse } from 'yaml';
import type { PitfallAnswers } from '../classify/explanation.ts';
import { packageRoot, textIfThere } from '../io/package-files.ts';

/**
 * The files that answer the pitfalls of an archetype, where this version writes it, else none. Read without the rest
 * of the catalog, which costs more to load than a whole classification.
 */
export function presetPitfalls(archetype: string): PitfallAnswers {
  const text = textIfThere(join(packageRoot(), 'templates/archetypes', `${archetype}.yaml`));
  const preset: unknown = text === undefined ? {} : parse(text);
  if (!isMapping(preset) || !isMapping(preset.pitfalls)) return new Map();
  return new Map(Object.entries(preset.pitfalls).map(([id, paths]) => [id, pathsIn(paths)]));
}

function pathsIn(paths: unknown): readonly string[] {
  if (!Array.isArray(paths)) return [];
  return paths.map((path) => String(path).replaceAll('__package__', '<package>'));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
