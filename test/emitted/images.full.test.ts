import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EmittedProject } from '../support/emitted.ts';
import { tempFolder } from '../support/folders.ts';
import { CAN_BUILD, ImageStore } from '../support/image-store.ts';
import { freePort, until } from '../support/servers.ts';

const MINUTES = 60_000;

/** The user of the images, who is nobody on this machine. */
const APP = '10001';

/** A row that was scored in a batch, and its score. */
const SCORED_ROW = `
import glob, json, pandas
found = pandas.read_parquet(glob.glob("store/predictions/*.parquet")[0]).head(1)
row = json.loads(found.to_json(orient="records", date_format="iso"))[0]
score = row.pop("prediction"); row.pop("bundle")
print(json.dumps({"row": row, "score": score}))
`;

interface Scored {
  readonly row: Readonly<Record<string, unknown>>;
  readonly score: number;
}

describe.runIf(CAN_BUILD)('the images, built and run without an engine', { timeout: 3 * MINUTES }, () => {
  let project: EmittedProject;
  let images: ImageStore;
  let scored: Scored;

  beforeAll(() => {
    project = EmittedProject.ready(['--serving=both']);
    images = new ImageStore(baseName(project));
    build(project, images, 'service', 'newborn');
    project.must('uv', 'run', '--quiet', project.command, 'run');
    scored = JSON.parse(project.must('uv', 'run', '--quiet', 'python', '-c', SCORED_ROW));
    build(project, images, 'service', 'service');
    build(project, images, 'batch', 'batch');
    project.must('chown', '-R', APP, 'store'); // as compose.yaml asks for
  }, 10 * MINUTES);

  afterAll(() => images.close());

  it('stands alive and not ready before the first model', async () => {
    await whileServing(images, 'newborn', async ({ address }) => {
      expect((await fetch(`${address}/livez`)).status).toBe(200);
      const ready = await fetch(`${address}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([503, { status: 'no-model', bundle: '' }]);
    });
  });

  it('serves the score of the batch for a good row, and 422 for a bad one', async () => {
    await whileServing(images, 'service', async ({ address }) => {
      expect((await fetch(`${address}/livez`)).status).toBe(200);
      expect((await fetch(`${address}/readyz`)).status).toBe(200);
      const good = await predict(address, scored.row);
      expect(good.status).toBe(200);
      const { prediction }: { prediction: number } = JSON.parse(await good.text());
      expect(prediction).toBeCloseTo(scored.score, 9);
      const bad = await predict(address, { ...scored.row, tenure_months: 'many' });
      expect([bad.status, await bad.text()]).toEqual([422, expect.stringContaining('tenure_months')]);
    });
  });

  it('runs as a user who is not root, and leaves no file behind, so that it may be read-only', async () => {
    expect(images.settings('service').User).toBe(APP);
    await whileServing(images, 'service', async ({ address, container }) => {
      await predict(address, scored.row);
      expect(images.run(container, ['id', '-u']).text.trim()).toBe(APP);
      const written = ['find', '/', '-xdev', '-user', APP, '-newer', '/app/uv.lock', '-type', 'f'];
      const found = images.run(container, [...written, '-not', '-path', '/tmp/*'], '--user', 'root');
      expect(found).toEqual({ code: 0, text: '' });
    });
  });

  it('has a health check that passes while it serves, and not when nothing does', async () => {
    const [kind, ...command] = images.settings('service').Healthcheck?.Test ?? [];
    expect(kind).toBe('CMD');
    await whileServing(images, 'service', async ({ container, port }) => {
      expect(images.run(container, command, '--env', `PORT=${port}`)).toMatchObject({ code: 0 });
      const idle = await freePort();
      expect(images.run(container, command, '--env', `PORT=${idle}`)).toMatchObject({ code: 1 });
    });
  });

  it('scores the newest rows each day, in the folder that compose.yaml mounts', () => {
    rmSync(join(project.folder, 'store/predictions'), { recursive: true });
    const { code, text } = runBatch(project, images);
    expect(text).toMatch(/8,000 rows scored/);
    expect(text).toMatch(/drift|PSI/);
    expect(code).toBe(0);
    expect(predictions(project)).toEqual([expect.stringMatching(/^[\d-]+-[0-9a-f]{12}\.parquet$/)]);
  });

  it('scores a file that is named, also one with a space in its name', () => {
    const data = join(project.folder, 'store/data');
    const [first = ''] = readdirSync(data);
    cpSync(join(data, first), join(project.folder, 'store/new rows.parquet'));
    const { code, text } = runBatch(project, images, 'SCORE_SOURCE=store/new rows.parquet');
    expect(text).toMatch(/new rows/);
    expect(code).toBe(0);
    expect(predictions(project)).toContainEqual(expect.stringMatching(/^new rows-/));
  });

  it('is not built from a pyproject.toml that its lock does not know', () => {
    const folder = tempFolder();
    // With the times of modification, by which the layers of the base are found.
    const names = readdirSync(project.folder).filter((name) => name !== '.venv');
    execFileSync('cp', ['--archive', ...names, folder], { cwd: project.folder });
    const path = join(folder, 'pyproject.toml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('dependencies = [', 'dependencies = [\n  "tomlkit",'));
    const { code, text: said } = images.build(folder, 'service', 'broken');
    expect(said).toMatch(/lockfile.*needs to be updated/);
    expect(code).not.toBe(0);
  });
});

/** What the Dockerfile starts from, which is also what the stand-in stands for. */
function baseName(project: EmittedProject): string {
  const text = readFileSync(join(project.folder, 'Dockerfile'), 'utf8');
  const names = [...text.matchAll(/^FROM (\S+:\S+) AS/gm)].map(([, name]) => name);
  expect(names).toEqual(['python:3.11-slim-bookworm']);
  return 'python:3.11-slim-bookworm';
}

/** Builds from a checkout that only its owner can read, which is the hardest for a user who is not root. */
function build(project: EmittedProject, images: ImageStore, target: string, tag: string): void {
  project.must('chmod', '-R', 'go-rwx', '.');
  const { code, text } = images.build(project.folder, target, tag);
  if (code !== 0) throw new Error(`the build of ${target} ended with ${code}:\n${text.slice(-6000)}`);
}

interface Service {
  readonly container: string;
  readonly port: number;
  readonly address: string;
}

/** Runs the command of a service image as the platform does, and ends it with SIGTERM. */
async function whileServing(images: ImageStore, tag: string, ask: (service: Service) => Promise<void>) {
  const port = await freePort();
  const container = images.container(tag);
  const server = images.start(container, images.settings(tag).Cmd, '--env', `PORT=${port}`);
  const address = `http://127.0.0.1:${port}`;
  try {
    await until(async () => (await fetch(`${address}/livez`)).ok);
    await ask({ container, port, address });
  } finally {
    await stopped(server);
  }
}

/** Sends SIGTERM to the program in the container, not to what runs the container, and waits for its end. */
async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const end = once(server, 'exit', { signal: AbortSignal.timeout(10_000) });
  process.kill(lastDescendant(server.pid), 'SIGTERM');
  await end;
}

function lastDescendant(pid: number): number {
  const [child] = execFileSync('sh', ['-c', `cat /proc/${pid}/task/*/children`], { encoding: 'utf8' }).split(
    ' ',
  );
  return child === undefined || child === '' ? pid : lastDescendant(Number(child));
}

function predict(address: string, row: Readonly<Record<string, unknown>>): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${address}/predict`, { method: 'POST', headers, body: JSON.stringify(row) });
}

/** The default command of the batch image, with the volumes and the rights that compose.yaml gives it. */
function runBatch(project: EmittedProject, images: ImageStore, ...variables: readonly string[]) {
  const { services } = parse(readFileSync(join(project.folder, 'compose.yaml'), 'utf8'));
  const volumes: string[] = services.batch.volumes;
  const settings = [
    ...volumes.flatMap((volume) => ['--volume', volume.replace(/^\.\//, `${project.folder}/`)]),
    ...services.batch.cap_drop.flatMap((capability: string) => ['--cap-drop', capability]),
    ...variables.flatMap((variable) => ['--env', variable]),
  ];
  return images.run(images.container('batch'), images.settings('batch').Cmd, ...settings);
}

function predictions(project: EmittedProject): readonly string[] {
  return readdirSync(join(project.folder, 'store/predictions'));
}
