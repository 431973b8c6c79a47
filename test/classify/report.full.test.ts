import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../support/folders.ts';
import { mlops } from '../support/mlops.ts';

const SWITCHES = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
const HOSTILE = `<script>document.title='hacked'</script> "quoted" & 'more' ${'x'.repeat(200)}`;

/** A small verdict, one with everything in it, and one that is not final. */
const VERDICTS: Readonly<Record<string, readonly string[]>> = {
  small: ['--team-size=3', '--data-volume-gb=5', '--company-size=12', '--data-scientists=3'],
  large: [
    ...['--team-size=80', '--data-scientists=30', '--data-engineers=25', '--ml-engineers=10'],
    ...['--devops-engineers=15', '--data-volume-gb=500 TB', '--data-velocity=mixed', '--cloud=hybrid'],
    ...['--models-in-production=120', '--predictions-per-day=50M', '--frameworks=torch,foo'],
    ...['--big-data-tools=spark,kafka', '--accelerators=multi_gpu', '--orchestration=kubeflow'],
    ...['--ci-cd=partial', '--registry=mlflow', '--monitoring=partial', '--regulation=banking,gdpr'],
    ...['--legacy-systems=yes', '--teams-doing-ml=12', '--company-size=20000'],
    ...['--archetype=hybrid', `--reason=${HOSTILE}`],
  ],
  contradictory: ['--team-size=30', '--company-size=12', '--data-volume-gb=50 TB', '--cloud=none'],
};

interface Json {
  readonly archetype: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly answered: number;
  readonly asked: number;
  readonly confidence: string;
  readonly evidence: readonly { question: string; reason: string; points: Record<string, number> }[];
  readonly findings: readonly { code: string; message: string }[];
  readonly maturity: { facets: Record<string, number | null>; next: readonly string[] };
  readonly pitfalls: readonly { id: string; answer: readonly string[] }[];
  readonly growth: { triggers: readonly { when: string }[]; notYet: readonly string[] };
  readonly notes: readonly string[];
}

const folder = tempFolder();
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: SWITCHES });
}, 60_000);

afterAll(async () => await browser?.close());

function written(name: string): Json {
  const ran = mlops(folder, 'classify', ...(VERDICTS[name] ?? []), `--report=${name}.html`, '--json');
  return JSON.parse(ran.stdout);
}

interface Look {
  readonly width?: number;
  readonly dark?: boolean;
}

/** The page in a tab that is closed afterwards, with what it asked the network for. */
async function looked<T>(name: string, look: Look, see: (page: Page) => Promise<T>) {
  const { width = 1000, dark = false } = look;
  const viewport = { width, height: 800 };
  const tab = await browser.newPage({ viewport, colorScheme: dark ? 'dark' : 'light' });
  const requests: string[] = [];
  tab.on('request', (request) => requests.push(request.url()));
  const address = pathToFileURL(join(folder, `${name}.html`)).href;
  await tab.goto(address);
  const seen = await see(tab);
  await tab.close();
  return { seen, requests: requests.filter((url) => url !== address) };
}

/** The numbers and texts that carry a `data-` mark, by its value. */
function marked(page: Page, mark: string): Promise<Record<string, string>> {
  return page.evaluate(
    `Object.fromEntries([...document.querySelectorAll('[data-${mark}]')].map((one) => [one.dataset['${mark}'], one.innerText.replace(/\\s+/g, ' ').trim()]))`,
  );
}

function textOf(page: Page): Promise<string> {
  return page.evaluate('document.body.innerText');
}

const names = Object.keys(VERDICTS);

describe.each(names)('the report of the %s verdict in a browser', (name) => {
  const json = written(name);

  it('shows what the JSON says', async () => {
    const { seen } = await looked(name, {}, async (page) => ({
      score: await marked(page, 'score'),
      probability: await marked(page, 'probability'),
      evidence: await marked(page, 'evidence'),
      finding: await marked(page, 'finding'),
      facet: await marked(page, 'facet'),
      pitfall: await marked(page, 'pitfall'),
      text: (await textOf(page)).replace(/\s+/g, ' '),
    }));
    for (const [archetype, score] of Object.entries(json.scores)) {
      const shown = /^(\+?-?[\d.]+) points/.exec(seen.score[archetype] ?? '')?.[1];
      expect(Number(shown), archetype).toBe(score);
      const percent = Number(seen.probability[archetype]);
      expect(percent).toBe(Math.round((json.probabilities[archetype] ?? NaN) * 1000) / 10);
    }
    for (const { question, reason, points } of json.evidence) {
      expect(seen.evidence[question]).toContain(reason);
      const numbers = [
        ...(seen.evidence[question] ?? '').slice(reason.length).matchAll(/ (\+?-?[\d.]+)(?= ·|$)/g),
      ];
      expect(
        numbers.map(([, number]) => Number(number)),
        question,
      ).toEqual(Object.values(points));
    }
    expect(Object.keys(seen.evidence)).toHaveLength(json.evidence.length);
    for (const { code, message } of json.findings) expect(seen.finding[code]).toContain(message);
    for (const [facet, level] of Object.entries(json.maturity.facets))
      expect(seen.facet[facet.replaceAll('_', ' ')]).toBe(level === null ? 'unknown' : `${level} of 4`);
    for (const { id, answer } of json.pitfalls)
      for (const path of answer) expect(seen.pitfall[id]).toContain(path);
    const texts = [...json.notes, ...json.maturity.next, ...json.growth.triggers.map(({ when }) => when)];
    for (const text of [...texts, ...json.growth.notYet]) expect(seen.text).toContain(text);
    expect(seen.text).toContain(`${json.answered} of ${json.asked} questions answered`);
  });

  it.each([false, true])('has nothing that axe objects to, dark: %s', async (dark) => {
    const { seen } = await looked(name, { dark, width: 380 }, async (page) => {
      await page.evaluate(axe.source);
      return page.evaluate(
        'axe.run().then(({ violations, passes }) => ({ violations, passes: passes.length }))',
      );
    });
    expect(seen).toMatchObject({ violations: [] });
    expect((seen as { passes: number }).passes).toBeGreaterThan(10);
  });

  it('fits a phone and a sheet of paper, and asks the network for nothing', async () => {
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    const phone = await looked(name, { width: 380 }, (page) => page.evaluate(overflow));
    expect(phone).toEqual({ seen: 0, requests: [] });
    const paper = await looked(name, { width: 720 }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      return page.evaluate(`[${overflow}, getComputedStyle(document.body).color]`);
    });
    expect(paper).toEqual({ seen: [0, 'rgb(0, 0, 0)'], requests: [] });
  });
});

it('runs nothing that a reason brings along', async () => {
  written('large');
  const { seen } = await looked('large', {}, async (page) => [await page.title(), await textOf(page)]);
  expect(seen[0]).toBe('Large-scale MLOps: which kind of MLOps, and why');
  expect(seen[1]).toContain("<script>document.title='hacked'</script>");
});
