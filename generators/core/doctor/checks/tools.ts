import { isOnPath } from '../../io/install.ts';
import { lacksPython } from '../../io/python.ts';
import { relPath } from '../../rel-path.ts';
import type { Examined } from '../examined.ts';
import { type Finding, note, problem } from '../finding.ts';

// The line stands at the top of its file.
const MAX_BYTES = 1024 * 1024;

const INSTALLERS = [
  ['brew', 'brew install'],
  ['apt-get', 'apt-get install'],
  ['dnf', 'dnf install'],
  ['apk', 'apk add'],
  ['pacman', 'pacman -S'],
  ['zypper', 'zypper install'],
] as const;

export function missingGit(): Finding[] {
  if (isOnPath('git')) return [];
  return [
    note(
      'GIT_MISSING',
      'git is not installed: merge tools do not see conflicts, and a damaged base cannot be taken from history.',
      installCommand('git'),
    ),
  ];
}

function installCommand(program: string): string | null {
  const [installer, words] = INSTALLERS.find(([name]) => isOnPath(name)) ?? [];
  if (words === undefined) return null;
  const asRoot = installer === 'brew' || process.getuid?.() === 0 ? '' : 'sudo ';
  return `${asRoot}${words} ${program}`;
}

/** uv runs the repository, and finds or fetches the Python that it needs. */
export function missingPython({ disk, answers }: Examined): Finding[] {
  const found = disk.look(relPath('pyproject.toml'));
  // What a kit that stands alone writes need not be Python.
  const isKits = answers.kind === 'saved' && answers.saved.kits.length > 0;
  if (isKits && found.kind === 'absent') return [];
  if (!isOnPath('uv')) {
    return [
      problem(
        'UV_MISSING',
        'uv is not installed: the repository cannot be set up or run.',
        'python3 -m pip install uv',
      ),
    ];
  }
  const specifier =
    found.kind === 'file'
      ? wantedPython(Buffer.from(found.bytes.subarray(0, MAX_BYTES)).toString('utf8'))
      : undefined;
  if (specifier === undefined || !lacksPython(specifier)) return [];
  return [
    note(
      'PYTHON_MISSING',
      `No Python ${specifier} is installed; uv fetches one at the first run, for which it needs the network.`,
      `uv python install '${specifier}'`,
    ),
  ];
}

function wantedPython(text: string): string | undefined {
  return /^requires-python[ \t]*=[ \t]*"([<>=!~0-9.,* ]+)"/m.exec(text)?.[1];
}
