import { isOlder } from '../../version.ts';
import type { Examined } from '../examined.ts';
import { type Finding, note, problem } from '../finding.ts';

/** A project that a newer generator wrote, or an older one. */
export function writtenByOther({ answers, generator, call }: Examined): Finding[] {
  if (answers.kind !== 'saved') return [];
  const writer = answers.saved.generator;
  if (isOlder(generator, writer)) {
    return [
      problem(
        'GENERATOR_NEWER',
        `Generator ${writer} wrote this project, and this is ${generator}.`,
        installCommand(writer),
      ),
    ];
  }
  if (!isOlder(writer, generator)) return [];
  return [
    note(
      'GENERATOR_OLDER',
      `Generator ${writer} wrote this project, and this is ${generator}.`,
      call('regenerate'),
    ),
  ];
}

/** Installs a version; what a file says is one may be anything. */
export function installCommand(version: string): string {
  const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version) ? version : 'latest';
  return `npm install --global generator-mlops@${exact}`;
}
