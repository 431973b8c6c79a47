import type { CommandInput } from '../cli/command.ts';
import { visible } from '../core/classify/layout.ts';
import type { Change } from '../core/merge/change.ts';
import { patchText } from '../core/merge/patch.ts';

/** Asks whether a plan is to be carried out. A person may open the diff of a file before saying so. */
export async function isAgreedTo(
  { args, terminal }: CommandInput,
  changes: readonly Change[],
  title: string,
): Promise<boolean> {
  if (!terminal.interactive || args.switches.has('yes')) return true;
  const written = changes.filter(({ writes }) => writes.length > 0);
  const message = `${title} like this?`;
  if (written.length === 0) return (await terminal.ask({ kind: 'confirm', message, default: true })) === true;
  const choices = [
    { value: 'yes', name: 'Yes, write it' },
    { value: 'diff', name: 'Show the diff of a file first' },
    { value: 'no', name: 'No, write nothing' },
  ];
  for (;;) {
    const answer = await terminal.ask({ kind: 'select', message, choices, default: 'yes' });
    if (answer !== 'diff') return answer === 'yes';
    const path = await terminal.ask({
      kind: 'select',
      message: 'Of which file?',
      choices: written.map((one) => ({ value: one.path, name: `${visible(one.path)} (${one.op})` })),
    });
    terminal.say(patchText(written.filter((one) => one.path === path)));
  }
}
