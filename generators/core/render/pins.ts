import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseYamlFile } from '../catalog/yaml-file.ts';
import { packageRoot, readText } from '../io/package-files.ts';

const ACTION = z.strictObject({
  sha: z.string().check(z.regex(/^[0-9a-f]{40}$/, 'use the full commit')),
  version: z.string(),
});

const PINS = z.strictObject({
  checked: z.string(),
  actions: z.strictObject({
    checkout: ACTION,
    'setup-uv': ACTION,
    'upload-artifact': ACTION,
    'docker-login': ACTION,
  }),
  python: z.record(z.string(), z.string()),
  images: z.record(z.string(), z.string()),
  tools: z.record(z.string(), z.string()),
});

/** Every version, commit and image that an emitted file names, from the one file that holds them. */
export type Pins = z.infer<typeof PINS>;

export function readPins(path = join(packageRoot(), 'templates', 'pins.yaml')): Pins {
  return parseYamlFile(path, readText(path), PINS);
}
