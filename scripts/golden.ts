import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repositories that are kept in git, so that a change of a template is read as a diff of what people get. */
export const GOLDEN: Readonly<Record<string, readonly string[]>> = {
  'small-data': ['--archetype=small-data', '--name=acme-churn', '--yes'],
};

const ROOT = resolve(import.meta.dirname, '..');

/** Writes one golden repository into a folder that does not exist yet. */
export function writeGolden(name: string, folder: string): void {
  const main = join(ROOT, 'generators/cli/main.ts');
  const args = [main, 'new', folder, ...(GOLDEN[name] ?? [])];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`writing ${name} ended with ${status}: ${stderr}`);
}

if (import.meta.main) {
  for (const name of Object.keys(GOLDEN)) {
    const folder = join(ROOT, 'test/golden', name);
    rmSync(folder, { recursive: true, force: true });
    writeGolden(name, folder);
  }
}
