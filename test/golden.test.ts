import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GOLDEN, writeGolden } from '../scripts/golden.ts';
import { tempFolder } from './support/folders.ts';
import { MAIN, ROOT } from './support/mlops.ts';

/** Every file below a folder: mode and bytes. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.map((name) => {
      const path = join(folder, name);
      return [
        `${name} ${(statSync(path).mode & 0o111) === 0 ? 'plain' : 'executable'}`,
        readFileSync(path, 'utf8'),
      ];
    }),
  );
}

describe.each(Object.keys(GOLDEN))('the golden repository %s', (name) => {
  const folder = join(tempFolder(), name);
  writeGolden(name, folder);

  it('is what the generator writes; run npm run golden and read the diff', () => {
    expect(contents(folder)).toEqual(contents(join(ROOT, 'test/golden', name)));
  });

  it('does not depend on locale, time zone, umask or the folder it is written to', () => {
    const other = join(tempFolder(), 'elsewhere', name);
    const command = [
      '-c',
      'umask 077; exec "$@"',
      'sh',
      process.execPath,
      MAIN,
      'new',
      other,
      ...(GOLDEN[name] ?? []),
    ];
    const env = { ...process.env, LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' };
    expect(spawnSync('sh', command, { env }).status).toBe(0);
    expect(contents(other)).toEqual(contents(folder));
  });

  it('holds no file that a small team would delete first', () => {
    const visible = Object.keys(contents(folder)).filter((path) => !/(^|\/)\./.test(path));
    expect(visible.length).toBeLessThanOrEqual(46);
  });
});
