/** Files in which each line is an entry: a pattern, a variable, or a Python requirement. */
export type LineFormat = 'patterns' | 'variables' | 'requirements';

/** The format of a line list by the name of its file. */
export function lineFormatOf(name: string): LineFormat | undefined {
  if (/^\.[a-z]+ignore$/.test(name)) return 'patterns';
  if (/^\.env(\.[a-z]+)?$/.test(name)) return 'variables';
  if (/^(requirements|constraints)[\w.-]*\.(txt|in)$/.test(name)) return 'requirements';
  return undefined;
}

/** What an entry is known by; nothing for a blank line or a comment. */
export function entryKey(format: LineFormat, line: string): string | undefined {
  const entry = line.trim();
  if (entry === '' || entry.startsWith('#')) return undefined;
  switch (format) {
    case 'patterns':
      return entry;
    case 'variables':
      return /^(?:export\s+)?([^=\s]+)/.exec(entry)?.[1] ?? entry;
    case 'requirements':
      return requirementKey(entry);
  }
}

// https://packaging.python.org/en/latest/specifications/dependency-specifiers/
const REQUIREMENT = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\s*\[[^\]]*\])?[^;#]*(?:;\s*([^#]*))?/;

/** The name as PEP 503 normalises it, with the marker: one package may be required once for each marker. */
function requirementKey(entry: string): string {
  const [, name, marker = ''] = REQUIREMENT.exec(entry) ?? [];
  if (name === undefined) return entry;
  return `${name.toLowerCase().replaceAll(/[-_.]+/g, '-')};${marker.replaceAll(/\s/g, '')}`;
}
