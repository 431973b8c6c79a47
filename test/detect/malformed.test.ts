import fc from 'fast-check';
import { expect, it } from 'vitest';
import { detectedAnswers } from '../../generators/core/profile/detected-answers.ts';
import { FACTS } from '../../generators/core/profile/facts.ts';
import { resolveAnswers } from '../../generators/core/profile/given.ts';
import { detectionIn } from './tree-of.ts';

const PATHS = [
  'pyproject.toml',
  'requirements.txt',
  'environment.yml',
  'Pipfile',
  'setup.cfg',
  'setup.py',
  'a.py',
  'n.ipynb',
  'pom.xml',
  'build.sbt',
  'compose.yaml',
  'Dockerfile',
  'main.tf',
  'x.dvc',
  'dvc.lock',
  'dvc.yaml',
  'data/a.csv',
  '.github/workflows/ci.yml',
  '.gitlab-ci.yml',
  'azure-pipelines.yml',
  'Jenkinsfile',
  'README.md',
];

// Pieces that the readers look for, in any order, with anything between them.
const PIECES = [
  ...[
    '[project]\n',
    'dependencies = [',
    '"torch"',
    'torch>=2\n',
    '[tool.poetry.dependencies]\n',
    'on:\n',
    'jobs:\n',
  ],
  ...[
    '  push:\n',
    'run: pytest\n',
    'docker push',
    'stages:\n',
    '- path: a\n',
    '  size: 99999999999999999\n',
    '{{ x }}',
  ],
  ...[
    'import torch\n',
    'from a import b, c\n',
    '{"cells": [',
    '{"cell_type": "code", "source": 1}',
    ']}',
    '\t',
    '\n',
  ],
  ...[
    'image: nvidia/cuda\n',
    'provider "aws" {\n',
    'kind: CronJob\n',
    '&a [*a]',
    '!!js/x y\n',
    '\u2028',
    '\uD800',
  ],
  ...[
    'version https://git-lfs.github.com/spec/v1\n',
    'size 99999999999999999\n',
    '<artifactId>spark-core</artifactId>',
  ],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string()), { maxLength: 30 })
  .map((parts) => parts.join(''));

it('says something valid or nothing, whatever the files hold', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...PATHS), text), (texts) => {
      const { answers, facts } = detectedAnswers('.', detectionIn(texts), new Map());
      expect(resolveAnswers(FACTS, answers).notes).toEqual([]);
      for (const { where, says } of facts) expect([where, says]).not.toContain('');
    }),
    { numRuns: 2000 },
  );
});
