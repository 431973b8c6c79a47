import { parse } from 'yaml';

export interface CiFile {
  readonly path: string;
  readonly text: string;
}

/** What a CI file does by itself, without a person who starts it. */
export interface CiJob {
  /** Empty where the file is read as one job. */
  readonly name: string;
  /** Everything that the job runs, as text. */
  readonly text: string;
  /** Whether it runs on the main branch, a tag or a release without a person who starts it. */
  readonly runsOnMain: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** The jobs of a GitHub workflow. */
export function githubJobs({ text }: CiFile): readonly CiJob[] {
  const workflow = yamlIn(text);
  const runsOnMain = isAutomatic(workflow.on);
  return Object.entries(fieldsOf(workflow.jobs)).map(([name, job]) => ({
    name,
    text: textOf(job),
    runsOnMain,
  }));
}

/** A push to main or of a tag, a published release, or another workflow's end; not a person who presses a button. */
function isAutomatic(on: unknown): boolean {
  if (typeof on === 'string') return AUTOMATIC.has(on);
  if (Array.isArray(on)) return on.some((event) => AUTOMATIC.has(String(event)));
  return Object.entries(fieldsOf(on)).some(([event, filter]) => {
    if (event !== 'push') return AUTOMATIC.has(event);
    const { branches, tags } = fieldsOf(filter);
    if (branches === undefined) return true;
    return (
      tags !== undefined || /"(main|master|prod\w*|release\S*|trunk|\*\*?)"/.test(JSON.stringify(branches))
    );
  });
}

const AUTOMATIC = new Set(['push', 'release', 'workflow_run']);

const RESERVED = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'image',
  'cache',
  'services',
]);

/** The jobs of a GitLab pipeline; a manual one waits for a person. */
export function gitlabJobs({ text }: CiFile): readonly CiJob[] {
  const jobs = Object.entries(yamlIn(text)).filter(([name]) => !RESERVED.has(name) && !name.startsWith('.'));
  return jobs.map(([name, job]) => {
    const content = textOf(job);
    const isManual = fieldsOf(job).when === 'manual' || /\bwhen: manual\b/.test(content);
    return { name, text: content, runsOnMain: !isManual && !/merge_request_event/.test(content) };
  });
}

/** `key: value` lines, so that patterns meet the words as they are written; an alias to what holds it is left out. */
function textOf(value: unknown, holders: readonly unknown[] = []): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (holders.includes(value)) return '';
  const inside = [...holders, value];
  if (Array.isArray(value)) return value.map((item) => textOf(item, inside)).join('\n');
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${textOf(inner, inside)}`)
    .join('\n');
}

/** Nothing where the text is no YAML, or one that is built to be too large. */
function yamlIn(text: string): Fields {
  try {
    return fieldsOf(parse(text, { logLevel: 'silent' }));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}
