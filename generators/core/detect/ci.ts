import type { SourceTree } from '../io/source-tree.ts';
import { type CiFile, type CiJob, githubJobs, gitlabJobs } from './ci-jobs.ts';
import { placeAt, type Sign } from './sign.ts';

// Some of these are words of English too, so the next word must be the task.
const RUNNERS = 'make|just|task|mise|poe|pdm|go|cargo|hatch|invoke|rake|turbo';
const BUILDERS = 'npm|yarn|pnpm|nx|sbt|mvn|gradlew?|bazel';
const TESTS = new RegExp(
  [
    '\\b(pytest|tox|nox|unittest|nose2?|jest|vitest|dbt (test|build))\\b',
    `\\b(${RUNNERS})( -\\S+| run)* (test|check|verify)\\w*`,
    `\\b(${BUILDERS})\\b[^\\n]{0,80}\\b(test|check|verify)\\b`,
    '\\btests?[\\w-]*\\.sh\\b|manage\\.py test|coverage run|\\bmake ci\\b',
  ].join('|'),
);
const NAMED_TEST = /\/(?![^/]*(deploy|docs|site))([^/]*[-_])?tests?(ing)?([-_][^/]*)?\.ya?ml$/;
/** Commands and actions that bring something to where it runs, or to where others take it from. */
const RELEASES = new RegExp(
  [
    'terraform apply|terragrunt apply|kubectl (apply|set image|rollout)|helm (upgrade|install)',
    'databricks bundle deploy|dbx deploy|(cdk|sam|serverless|prefect|fly|flyctl) deploy|vercel deploy',
    'gcloud (run|app|functions|builds|composer|artifacts docker)|gsutil (-m )?(rsync|cp)',
    'aws (ecs|lambda|s3 (sync|cp)|cloudformation|sagemaker|eks)|ecs-deploy-task',
    'az (webapp|ml|functionapp|containerapp)|webapps-deploy|functions-action',
    'AzureWebApp@|HelmDeploy@|KubernetesManifest@',
    'docker push|push: true|push-image|twine upload|gh-action-pypi-publish|semantic-release|ci-release',
    '(poetry|uv|hatch|flit|npm|sbt) \\+?publish|publishSigned|git push heroku|heroku container|dagster-cloud',
  ].join('|'),
  'i',
);

const FILES: readonly (readonly [RegExp, (file: CiFile) => readonly CiJob[]])[] = [
  [/^\.github\/workflows\/[^/]+\.ya?ml$/, githubJobs],
  [/^\.gitlab-ci\.ya?ml$/, gitlabJobs],
  [/^(\.?azure-pipelines[^/]*|\.azure\/[^/]+|\.azuredevops\/[^/]+|\.pipelines\/[^/]+)\.ya?ml$/, azureJobs],
  [/^Jenkinsfile[^/]*$/, jenkinsJobs],
  [/^(\.circleci\/config|bitbucket-pipelines|\.travis|\.drone|appveyor|cloudbuild)\.ya?ml$/, otherJobs],
];

// Reading YAML costs more than reading bytes.
const MOST_BYTES = 64 * 1024;

/** Tests that run by themselves are half of the way; with a release that does too it is automated. */
export function ciSigns(tree: SourceTree): readonly Sign[] {
  const files = tree.files.flatMap(({ path }) => {
    const jobsOf = FILES.find(([pattern]) => pattern.test(path))?.[1];
    const text = jobsOf === undefined ? undefined : tree.text(path, MOST_BYTES);
    if (jobsOf === undefined || text === undefined) return [];
    const file = { path, text: withoutComments(text) };
    return [{ ...file, jobs: jobsOf(file) }];
  });
  const tested = files.find(
    ({ path, jobs }) => jobs.some(({ text }) => TESTS.test(text)) || NAMED_TEST.test(path),
  );
  const released = files.find(({ jobs }) => jobs.some(isRelease));
  if (tested === undefined && released === undefined) return [];
  if (released === undefined) return [sign('partial', tested, TESTS, 'tests run by themselves')];
  if (tested !== undefined)
    return [
      sign('automated', released, RELEASES, 'tests, and a release from main or a tag, run by themselves'),
    ];
  return [
    { ...sign('partial', released, RELEASES, 'a release runs by itself, without tests'), strength: 'weak' },
  ];
}

const NAMED_JOB = /^[ \t]*["']?(deploy|publish)[\w-]*["']?:/im;

/** By its commands, or by its name where they are unknown to us; the pages of the docs are no release. */
function isRelease({ name, text, runsOnMain }: CiJob): boolean {
  const isNamed = /^(deploy|publish)/i.test(name) && !/pages|mkdocs|docs/i.test(text);
  return runsOnMain && (isNamed || RELEASES.test(text));
}

// As long as before, so that places stay what they are.
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(#|\/\/).*$/gm, (comment) => ' '.repeat(comment.length));
}

function sign(value: string, file: CiFile | undefined, pattern: RegExp, says: string): Sign {
  const { path, text } = file ?? { path: '', text: '' };
  const where = placeAt(path, text, (pattern.exec(text) ?? NAMED_JOB.exec(text))?.index ?? 0);
  return { key: 'ci_cd', value, strength: 'strong', where, says };
}

function azureJobs({ text }: CiFile): readonly CiJob[] {
  return [{ name: '', text, runsOnMain: !/^trigger:[ \t]*none/m.test(text) && /^trigger:/m.test(text) }];
}

function jenkinsJobs({ text }: CiFile): readonly CiJob[] {
  return [{ name: '', text, runsOnMain: !/\binput\b[ \t]*[({]/.test(text) }];
}

function otherJobs({ text }: CiFile): readonly CiJob[] {
  return [
    {
      name: '',
      text,
      runsOnMain: /\b(main|master|tags?)\b/.test(text) && !/type: approval|trigger: manual/.test(text),
    },
  ];
}
