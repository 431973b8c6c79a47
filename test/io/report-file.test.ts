import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../generators/core/errors.ts';
import type { Disk } from '../../generators/core/io/disk.ts';
import { nodeDisk } from '../../generators/core/io/node-disk.ts';
import { writableFile, writeWholeFile } from '../../generators/core/io/report-file.ts';
import { tempFolder, withFiles } from '../support/folders.ts';

const BYTES = Buffer.from('ours, new');
const isOurs = (text: string) => text.startsWith('ours');

function codeOf(call: () => unknown): number | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof MlopsError) return error.exit;
    throw error;
  }
}

function failing(name: keyof Disk, code: string): Disk {
  const fail = () => {
    throw Object.assign(new Error(code), { code });
  };
  return { ...nodeDisk, [name]: fail };
}

describe('a file that is written whole', () => {
  it('keeps what came to its path since it was looked at', () => {
    const path = join(tempFolder(), 'r.html');
    const writable = writableFile(path, isOurs);
    writeFileSync(path, 'mine');
    expect(codeOf(() => writeWholeFile(writable, BYTES))).toBe(5);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it.each([
    ['create', 'EACCES'],
    ['write', 'ENOSPC'],
    ['sync', 'EIO'],
    ['rename', 'EIO'],
  ] as const)('is as it was when %s fails with %s, and leaves nothing beside it', (call, errno) => {
    const folder = withFiles(tempFolder(), { 'r.html': 'ours, old' });
    const writable = writableFile(join(folder, 'r.html'), isOurs);
    expect(codeOf(() => writeWholeFile(writable, BYTES, failing(call, errno)))).toBe(7);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toBe('ours, old');
    expect(readdirSync(folder)).toEqual(['r.html']);
  });

  it('fails with 7 where the folder cannot be written', () => {
    const path = join(tempFolder(), 'r.html');
    expect(codeOf(() => writableFile(path, isOurs, failing('checkWritable', 'EACCES')))).toBe(7);
  });
});
