import type { Examined } from '../examined.ts';
import { type Finding, note, problem } from '../finding.ts';
import { counted, listed } from '../words.ts';

/** What an interrupted run left, or that one is at work. */
export function runFindings({ run, call }: Examined): Finding[] {
  switch (run.kind) {
    case 'none':
    case 'unknown':
      return [];
    case 'active':
      return [
        note(
          'RUN_ACTIVE',
          `Another run holds the lock (process ${run.holder.pid} on ${run.holder.host}); if that machine or container is gone, delete .mlops/lock.`,
          null,
        ),
      ];
    case 'interrupted':
      return [
        problem(
          'RUN_INTERRUPTED',
          `A run was interrupted while it changed ${counted(run.paths.length, 'file')}; this finishes it, and --recover=back takes it back.`,
          `${call('regenerate')} --recover=forward`,
        ),
      ];
    case 'damaged':
      return [
        problem(
          'RUN_DAMAGED',
          'A run was interrupted, and its journal in .mlops/txn was changed since; restore what is missing with git, then delete it.',
          'rm -r .mlops/txn',
        ),
      ];
    case 'leftovers':
      return [
        problem(
          'RUN_LEFTOVERS',
          `A run that ended before it changed anything left ${listed(run.names.map((name) => `.mlops/${name}`))}.`,
          `${call('regenerate')} --recover=back`,
        ),
      ];
  }
}
