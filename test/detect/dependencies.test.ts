import { describe, expect, it } from 'vitest';
import { TOOLS } from '../../generators/core/detect/tools.ts';
import { factNamed } from '../../generators/core/profile/facts.ts';
import { parseAnswer } from '../../generators/core/profile/question.ts';
import { detectionIn, foundOf } from './tree-of.ts';

describe('a file of dependencies', () => {
  it.each([
    ['PEP 621', 'pyproject.toml', '[project]\ndependencies = ["torch>=2; python_version > \'3.9\'"]\n'],
    [
      'a dependency group',
      'pyproject.toml',
      '[dependency-groups]\ntrain = ["torch", {include-group = "x"}]\n',
    ],
    ['Poetry', 'pyproject.toml', '[tool.poetry.dependencies]\nTorch = {version = "^2", optional = true}\n'],
    ['a group of Poetry', 'pyproject.toml', '[tool.poetry.group.train.dependencies]\ntorch = "*"\n'],
    ['Hatch', 'pyproject.toml', '[tool.hatch.envs.default]\ndependencies = ["torch"]\n'],
    ['Pixi', 'pyproject.toml', '[tool.pixi.pypi-dependencies]\ntorch = "*"\n'],
    ['pip', 'requirements.txt', '-r base.txt\n--index-url https://x\n\ntorch[extra]==2.1 # why\n'],
    ['pip, in a folder', 'requirements/prod.txt', 'torch @ https://x/torch.whl\n'],
    ['conda', 'environment.yml', 'dependencies:\n  - conda-forge::pytorch=2.1\n'],
    ['conda with pip', 'environment.yaml', 'dependencies:\n  - python\n  - pip:\n      - "torch>=2"\n'],
    ['Pipenv', 'Pipfile', '[packages]\ntorch = "*"\n'],
    ['setup.cfg', 'setup.cfg', '[options]\ninstall_requires =\n    numpy\n    torch>=2\n'],
    ['setup.py', 'setup.py', "setup(name='x', install_requires=['numpy', 'torch>=2'])\n"],
  ])('of %s names what is used', (_, path, text) => {
    expect(foundOf({ [path]: text })).toEqual({ frameworks: 'strong pytorch' });
  });

  it.each([
    ['an extra', 'pyproject.toml', '[project.optional-dependencies]\ngpu = ["torch"]\n'],
    ['an extra of setup.cfg', 'setup.cfg', '[options.extras_require]\ngpu =\n    torch\n'],
    ['a group named dev', 'pyproject.toml', '[dependency-groups]\ndev = ["torch"]\n'],
    ['an extra named test', 'pyproject.toml', '[project.optional-dependencies]\ntest = ["torch"]\n'],
    ['the old group of Poetry', 'pyproject.toml', '[tool.poetry.dev-dependencies]\ntorch = "*"\n'],
    ['PDM', 'pyproject.toml', '[tool.pdm.dev-dependencies]\nany = ["torch"]\n'],
    ['uv', 'pyproject.toml', '[tool.uv]\ndev-dependencies = ["torch"]\n'],
    ['an environment of Hatch', 'pyproject.toml', '[tool.hatch.envs.lab]\ndependencies = ["torch"]\n'],
    ['a file named dev', 'requirements-dev.txt', 'torch\n'],
    ['an example', 'examples/mnist/requirements.txt', 'torch\n'],
    ['the docs', 'docs/requirements.txt', 'torch\n'],
    ['Pipenv', 'Pipfile', '[dev-packages]\ntorch = "*"\n'],
    ['the extras of setup.py', 'setup.py', "setup(extras_require={'all': ['torch']})\n"],
    ['a test', 'tests/test_model.py', 'import torch\n'],
  ])('that is optional, for development or an example is weak: %s', (_, path, text) => {
    expect(foundOf({ [path]: text })).toEqual({ frameworks: 'weak pytorch' });
  });

  it.each([
    ['a name in setup.py', 'setup.py', "setup(name='torch', author='spacy')\n"],
    ['a comment', 'requirements.txt', '# torch\n'],
    ['a longer name', 'requirements.txt', 'torch-geometric-helper\n'],
    ['a module of its own', 'mlflow.py', 'import mlflow\n'],
    ['words in a text', 'main.py', 'text = """\nWe import torch here.\n"""\n'],
  ])('says nothing by %s', (_, path, text) => {
    expect(foundOf({ [path]: text })).toEqual({});
  });

  it.each([
    ['pyproject.toml', '[project\ndependencies = ["torch"'],
    ['Pipfile', '\u0001'],
    ['pyproject.toml', `a = ${'['.repeat(50_000)}`],
    ['.github/workflows/ci.yml', 'jobs: [\n'],
    ['.github/workflows/ci.yml', 'a: &a [1]\nb: &b [*a,*a]\nc: &c [*b,*b]\njobs: *c\n'],
    ['.gitlab-ci.yml', 'a: &a\n  script: [build, *a]\n  b: *a\n'],
    ['note.ipynb', '{"cells": 3}'],
    ['note.ipynb', '{'],
    ['dvc.lock', 'size: x\npath: y\n'],
    ['data.dvc', '- path: a\n  size: 999999999999999999999\n'],
  ])('that is malformed says nothing: %s %j', (path, text) => {
    expect(foundOf({ [path]: text })).toEqual({});
  });

  it('says where each of its packages stands', () => {
    const text = '[project]\nname = "torch-shop"\n# torch\ndependencies = [\n  "numpy",\n  "torch>=2",\n]\n';
    expect(detectionIn({ 'pyproject.toml': text }).facts).toEqual([
      {
        key: 'frameworks',
        value: ['pytorch'],
        strength: 'strong',
        where: 'pyproject.toml:6',
        says: 'torch is a dependency',
      },
    ]);
  });

  it('costs little when it is made to cost much', () => {
    const names = Array.from({ length: 12_000 }, (_, index) => `langchain-x${index}`).join('\n');
    const images = 'image: nvidia/cuda:12\n'.repeat(12_000);
    const imports = 'import torch\n'.repeat(20_000);
    const start = performance.now();
    foundOf({ 'requirements.txt': names, 'compose.yaml': images, 'a.py': imports });
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe('a tool that counts half', () => {
  it.each([
    ['alone is weak', 'dask\n', { big_data_tools: 'weak dask' }],
    ['adds nothing to an engine', 'dask\npyspark\n', { big_data_tools: 'strong spark' }],
    ['makes one engine with another half', 'dask\nray\n', { big_data_tools: 'strong dask' }],
  ])('%s', (_, text, found) => {
    expect(foundOf({ 'requirements.txt': text })).toEqual(found);
  });
});

it('knows only tools that the questions know', () => {
  const unknown = TOOLS.filter(({ key, value }) => {
    const fact = factNamed(key);
    const answer = fact === undefined ? undefined : parseAnswer(fact, value);
    return answer?.kind !== 'value' || String(answer.value) !== value;
  });
  expect(TOOLS.length).toBeGreaterThan(50);
  expect(unknown).toEqual([]);
});
