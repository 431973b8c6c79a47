import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './support/mlops.ts';

/** In the order of the flow: a stage imports only from stages before it, and from its own folder. */
const STAGES = [
  'io',
  'detect',
  'profile',
  'classify',
  'kit',
  'catalog',
  'plan',
  'render',
  'merge',
  'commit',
  'doctor',
];

interface Import {
  readonly from: string;
  readonly to: string;
}

function importsBelow(folder: string): { files: number; imports: Import[] } {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const imports = files.flatMap((name) => {
    const path = join(ROOT, folder, name);
    const matches = readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g);
    return [...matches].map(([, target = '']) => ({
      from: join(folder, name),
      to: target.startsWith('.') ? relative(ROOT, join(dirname(path), target)) : target,
    }));
  });
  return { files: files.length, imports };
}

function stageOf(path: string): string | undefined {
  return /^generators\/core\/([a-z]+)\//.exec(path)?.[1];
}

const core = importsBelow('generators/core');

it('sees the whole of core', () => {
  expect(core.files).toBeGreaterThan(90);
  expect(core.imports.length).toBeGreaterThan(200);
});

it('lets a stage import only from stages before it', () => {
  const wrong = core.imports.filter(({ from, to }) => {
    const [stage, target] = [stageOf(from), stageOf(to)];
    return stage !== undefined && target !== undefined && STAGES.indexOf(target) > STAGES.indexOf(stage);
  });
  expect(wrong).toEqual([]);
});

it('keeps core free of faces, terminals and prompts', () => {
  const wrong = core.imports.filter(({ to }) => /^generators\/(?!core\/)|^inquirer|^yeoman|^execa/.test(to));
  expect(wrong).toEqual([]);
});

it('lets only io touch files and processes', () => {
  const wrong = core.imports.filter(
    ({ from, to }) => /^node:(fs|child_process)/.test(to) && stageOf(from) !== 'io',
  );
  expect(wrong).toEqual([]);
});

it('lets only the terminal load inquirer, and only the face load Yeoman', () => {
  const { imports } = importsBelow('generators');
  expect(imports.filter(({ to }) => to === 'inquirer').map(({ from }) => from)).toEqual([
    'generators/terminal/console.ts',
  ]);
  expect(imports.filter(({ to }) => to === 'yeoman-generator').map(({ from }) => from)).toEqual([
    'generators/cli/yeoman.ts',
  ]);
});
