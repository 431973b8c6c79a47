import { entryKey } from './line-list.ts';
import type { Format } from './structured-value.ts';

/**
 * The user's lines with what only the template has: entries at the end of their section, sections at the end of the
 * file. A guess from the shape of the lines alone; whoever asks reads the result and compares the values.
 */
export function withMissingEntries(
  format: Format,
  yours: readonly string[],
  theirs: readonly string[],
): readonly string[] {
  const mine = sectionsOf(format, yours);
  const other = sectionsOf(format, theirs);
  const known = new Map(mine.map((section) => [section.header, section]));
  const completed = mine.map((section) => {
    const wanted = other.find(({ header }) => header === section.header);
    return wanted === undefined ? section.lines : withMissing(format, section, wanted);
  });
  const added = other
    .filter(({ header }) => !known.has(header))
    .map(({ lines }) => ['', ...lines.slice(0, lines.length - blankEnd(lines))]);
  const body = completed.flat();
  return added.length === 0 ? body : [...body.slice(0, body.length - blankEnd(body)), ...added.flat()];
}

interface Section {
  readonly header: string;
  readonly lines: readonly string[];
}

/** TOML has sections; in the other formats the file is one. Comments above a header belong to it. */
function sectionsOf(format: Format, lines: readonly string[]): Section[] {
  if (format !== 'toml') return [{ header: '', lines }];
  const starts = lines.flatMap((line, at) => (/^\s*\[[^,"']*\]\s*(#.*)?$/.test(line) ? [at] : []));
  const from = starts.map((start) => start - commentsAbove(lines, start));
  const sections = starts.map((start, at) => ({
    header: (lines[start] ?? '').replace(/#.*/, '').replaceAll(/\s/g, ''),
    lines: lines.slice(from[at], from[at + 1]),
  }));
  return [{ header: '', lines: lines.slice(0, from[0]) }, ...sections];
}

function commentsAbove(lines: readonly string[], at: number): number {
  let count = 0;
  while (at - count > 0 && /^\s*#/.test(lines[at - count - 1] ?? '')) count++;
  return count;
}

function blankEnd(lines: readonly string[]): number {
  let count = 0;
  while (count < lines.length && lines[lines.length - 1 - count]?.trim() === '') count++;
  return count;
}

function withMissing(format: Format, mine: Section, wanted: Section): readonly string[] {
  const known = new Set(entriesOf(format, mine.lines).map(({ key }) => key));
  const missing = entriesOf(format, wanted.lines).filter(({ key }) => !known.has(key));
  const end = mine.lines.length - blankEnd(mine.lines);
  return [...mine.lines.slice(0, end), ...missing.flatMap(({ lines }) => lines), ...mine.lines.slice(end)];
}

interface Entry {
  readonly key: string;
  readonly lines: readonly string[];
}

/** Each entry with the comments directly above it, up to the next entry, comment or blank line. */
function entriesOf(format: Format, lines: readonly string[]): Entry[] {
  return lines.flatMap((line, at) => {
    const key = keyOfLine(format, line);
    if (key === undefined) return [];
    let end = at + 1;
    while (end < lines.length && continues(format, lines[end] ?? '')) end++;
    return [{ key, lines: lines.slice(at - commentsAbove(lines, at), end) }];
  });
}

function keyOfLine(format: Format, line: string): string | undefined {
  switch (format) {
    case 'toml':
      return /^([\w.-]+|"[^"]*")\s*=/.exec(line)?.[1];
    case 'yaml':
      return /^([\w.-]+|"[^"]*"|'[^']*'):(\s|$)/.exec(line)?.[1];
    case 'json':
      return undefined;
    default:
      return entryKey(format, line);
  }
}

/** A line that belongs to the value above it. */
function continues(format: Format, line: string): boolean {
  const isValue = format === 'toml' || format === 'yaml';
  return isValue && !/^(#|\s*$)/.test(line) && keyOfLine(format, line) === undefined;
}
