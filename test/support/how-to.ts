import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from './folders.ts';
import { ROOT } from './mlops.ts';

interface Block {
  readonly language: string;
  readonly path: string;
  readonly text: string;
}

/** The blocks of a how-to page that name a file, in order. */
function blocksIn(page: string): Block[] {
  const blocks = page.matchAll(/^( *)```(\w+) (\S+)\n([\s\S]*?)^ *```$/gm);
  return [...blocks].map(([, indent = '', language = '', path = '', text = '']) => ({
    language,
    path,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** A copy of the checkout's sources in which every step of a page of `docs/` was followed. */
export function followed(pageName: string): string {
  const folder = tempFolder();
  for (const part of ['generators', 'templates', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  writeBlocks(pageName, folder);
  return folder;
}

/** Writes or changes the files that a page of `docs/` names, below a folder. */
export function writeBlocks(pageName: string, folder: string): void {
  for (const block of blocksIn(readFileSync(join(ROOT, 'docs', pageName), 'utf8'))) apply(block, folder);
}

function apply({ language, path, text }: Block, folder: string): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, language === 'diff' ? replaced(readFileSync(target, 'utf8'), text) : text);
}

/** A `-` line names what is there once, the `+` lines what takes its place. */
function replaced(before: string, diff: string): string {
  const lines = (sign: string) =>
    diff
      .split('\n')
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(1))
      .join('\n');
  const found = before.split(lines('-')).length - 1;
  if (found !== 1) throw new Error(`the page names a text that is there ${found} times: ${lines('-')}`);
  return before.replace(lines('-'), () => lines('+'));
}
