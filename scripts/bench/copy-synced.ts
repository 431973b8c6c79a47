import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

// What any safe writer has to do at least: every file and folder of a tree copied and waited for.
const [from = '', to = ''] = process.argv.slice(2);
copyFolder(from, to);

function copyFolder(source: string, target: string): void {
  mkdirSync(target);
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [here, there] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) copyFolder(here, there);
    else writeSynced(there, readFileSync(here));
  }
  synced(openSync(target, 'r'));
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx');
  writeSync(file, bytes);
  synced(file);
}

function synced(file: number): void {
  fsyncSync(file);
  closeSync(file);
}
