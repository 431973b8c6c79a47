import { join, resolve } from 'node:path';
import type { CommandInput } from '../cli/command.ts';
import { isReport, type Override, type ReportParts, reportHtml } from '../core/classify/explanation.ts';
import { EXIT, MlopsError } from '../core/errors.ts';
import { lookAt } from '../core/io/on-disk.ts';
import { type Writable, writableFile, writeWholeFile } from '../core/io/report-file.ts';
import { FACTS } from '../core/profile/facts.ts';
import type { Profile } from '../core/profile/profile.ts';
import { relPath } from '../core/rel-path.ts';

const MANIFEST = relPath('mlops.yaml');

interface Outputs {
  readonly report: Writable | undefined;
}

/** Refuses what could not be written before anybody is asked anything. */
export function checkOutputs({ args, cwd }: CommandInput): Outputs {
  if (args.switches.has('save') && lookAt(cwd, MANIFEST).kind !== 'absent') {
    throw new MlopsError({
      code: 'MLOPS_E_OCCUPIED',
      exit: EXIT.refused,
      message: 'mlops.yaml is already here; nothing was written.',
      hint: 'Edit its facts, or move it away and run again.',
    });
  }
  const file = args.texts.get('report');
  return { report: file === undefined ? undefined : writableFile(resolve(cwd, file), isReport) };
}

/** Writes what was asked for: the report, and the answers. */
export async function writeOutputs(
  input: CommandInput,
  { report }: Outputs,
  profile: Profile,
  override: Override | undefined,
  parts: () => Promise<ReportParts>,
): Promise<void> {
  if (report !== undefined) {
    writeWholeFile(report, Buffer.from(reportHtml(await parts())));
    input.terminal.say(`The report is in ${report.path}`);
  }
  if (input.args.switches.has('save')) await saveAnswers(input, profile, override);
}

async function saveAnswers(
  { cwd, signal, terminal }: CommandInput,
  profile: Profile,
  override: Override | undefined,
): Promise<void> {
  const { classificationText } = await import('../core/merge/saved-answers.ts');
  const { commitChanges } = await import('../core/commit/transaction.ts');
  const bytes = Buffer.from(classificationText(FACTS, profile, override));
  await commitChanges(
    cwd,
    [{ kind: 'write', path: MANIFEST, bytes, mode: 0o644, expect: { kind: 'absent' } }],
    { signal },
  );
  terminal.say(`The answers are in ${join(cwd, MANIFEST)}; "new" finds them in this folder.`);
}
