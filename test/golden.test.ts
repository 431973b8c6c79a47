import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GOLDEN, writeGolden } from '../scripts/golden.ts';
import { contentsOf, tempFolder } from './support/folders.ts';
import { MAIN, ROOT } from './support/mlops.ts';

describe.each(Object.keys(GOLDEN))('the golden repository %s', (name) => {
  const folder = join(tempFolder(), name);
  writeGolden(name, folder);

  it('is what the generator writes; run npm run golden and read the diff', () => {
    expect(contentsOf(folder)).toEqual(contentsOf(join(ROOT, 'test/golden', name)));
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
    expect(contentsOf(other)).toEqual(contentsOf(folder));
  });

  it('holds no file that a small team would delete first', () => {
    const visible = Object.keys(contentsOf(folder)).filter((path) => !/(^|\/)\./.test(path));
    expect(visible.length).toBeLessThanOrEqual(46);
  });
});
