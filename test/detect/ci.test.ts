import { describe, expect, it } from 'vitest';
import { foundOf } from './tree-of.ts';

const GITHUB = '.github/workflows/ci.yml';
const PUSH = (steps: string) => `on:\n  push:\n    branches: [main]\njobs:\n  a:\n    steps:\n${steps}`;

describe('CI', () => {
  it.each([
    ['GitHub', GITHUB, 'on: pull_request\njobs:\n  a:\n    steps:\n      - run: uv run pytest\n'],
    ['GitLab', '.gitlab-ci.yml', 'test:\n  script:\n    - tox\n'],
    ['Azure', 'azure-pipelines.yml', 'trigger: none\nsteps:\n  - script: pytest\n'],
    ['Jenkins', 'Jenkinsfile', "pipeline {\n stages { stage('Test') { steps { sh 'make test' } } }\n}\n"],
    ['CircleCI', '.circleci/config.yml', 'jobs:\n  a:\n    steps:\n      - run: npm run test\n'],
    [
      'a release that a person starts',
      GITHUB,
      'on: workflow_dispatch\njobs:\n  a:\n    steps:\n      - run: pytest && terraform apply\n',
    ],
    [
      'a release that waits for a person',
      '.gitlab-ci.yml',
      'test:\n  script: [pytest]\ndeploy:\n  when: manual\n  script: [helm upgrade x]\n',
    ],
    ['sbt', GITHUB, 'on: push\njobs:\n  a:\n    steps:\n      - run: sbt +"project core" test\n'],
    [
      'a script',
      '.github/workflows/ci-testing.yml',
      'on: push\njobs:\n  a:\n    steps:\n      - run: python val.py\n',
    ],
    ['a release in a comment', GITHUB, PUSH('      # docker push x\n      - run: pytest\n')],
  ])('of %s runs tests', (_, path, text) => {
    expect(foundOf({ [path]: text })).toEqual({ ci_cd: 'strong partial' });
  });

  it.each([
    [
      'GitHub by name',
      GITHUB,
      'on:\n  push:\njobs:\n  test:\n    steps:\n      - run: pytest\n  deploy-prod:\n    steps:\n      - run: ./ship\n',
    ],
    ['GitHub', GITHUB, PUSH('      - run: pytest\n      - run: docker push acme/churn\n')],
    [
      'GitHub by tag',
      GITHUB,
      "on:\n  pull_request:\n  push:\n    tags: ['v*']\njobs:\n  a:\n    steps:\n      - run: pytest\n  b:\n    steps:\n      - uses: pypa/gh-action-pypi-publish@v1\n",
    ],
    [
      'GitLab',
      '.gitlab-ci.yml',
      'test:\n  script: [pytest]\ndeploy:\n  rules:\n    - if: $CI_COMMIT_BRANCH == "main"\n  script: [kubectl apply -f k8s]\n',
    ],
    [
      'Azure',
      'azure-pipelines.yml',
      'trigger:\n  - main\nsteps:\n  - script: pytest\n  - task: AzureWebApp@1\n',
    ],
    ['Jenkins', 'Jenkinsfile', "sh 'pytest'\nwhen { branch 'main' }\nsh 'helm upgrade churn .'\n"],
  ])('of %s runs tests and a release', (_, path, text) => {
    expect(foundOf({ [path]: text })).toEqual({ ci_cd: 'strong automated' });
  });

  it.each([
    ['only the docs are released', PUSH('      - run: mkdocs gh-deploy\n'), {}],
    [
      'only pages are released',
      'on: push\njobs:\n  deploy:\n    steps:\n      - uses: actions/deploy-pages@v4\n',
      {},
    ],
    ['only other branches are built', 'on: pull_request\njobs:\n  a:\n    steps:\n      - run: make\n', {}],
    ['no test runs before a release', PUSH('      - run: docker push x\n'), { ci_cd: 'weak partial' }],
  ])('is not more than it is where %s', (_, text, found) => {
    expect(foundOf({ [GITHUB]: text })).toEqual(found);
  });
});
