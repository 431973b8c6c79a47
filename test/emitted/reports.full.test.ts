import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmittedProject } from '../support/emitted.ts';

const MINUTES = 60_000;
const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const project = EmittedProject.ready(['--name=acme-churn']);
let browser: Browser;

beforeAll(async () => {
  project.must('uv', 'run', '--quiet', project.command, 'run');
  // Another seed gives another model, so that the second report holds it against the champion.
  writeFileSync(join(project.folder, 'conf/pipeline.yaml'), 'train: {seed: 11}\n');
  project.must('uv', 'run', '--quiet', project.command, 'run');
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: SWITCHES });
}, 5 * MINUTES);

afterAll(async () => await browser?.close());

interface Looked {
  readonly title: string;
  readonly language: string;
  readonly requests: string[];
  readonly problems: string[];
  readonly overflow: number;
  readonly plots: number;
  readonly unnamedPlots: number;
  readonly brokenLinks: string[];
  readonly text: string;
}

async function lookedAt(page: string, width: number): Promise<Looked> {
  const tab = await browser.newPage({ viewport: { width, height: 900 } });
  const requests: string[] = [];
  const problems: string[] = [];
  tab.on('request', (request) => {
    if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
      requests.push(request.url());
  });
  tab.on('pageerror', (error) => problems.push(error.message));
  tab.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await tab.goto(pathToFileURL(join(project.folder, 'reports', page)).href);
  const seen = await tab.evaluate(`(() => {
    const plots = [...document.querySelectorAll('svg')];
    return {
      title: document.title,
      language: document.documentElement.lang,
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      plots: plots.length,
      unnamedPlots: plots.filter((plot) => !(plot.getAttribute('aria-label') || plot.querySelector('title') || plot.closest('figure')?.querySelector('figcaption'))).length,
      links: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')),
      text: document.body.innerText,
    };
  })()`);
  await tab.close();
  const { links, ...rest } = seen as Omit<Looked, 'requests' | 'problems' | 'brokenLinks'> & {
    links: string[];
  };
  const pages = readdirSync(join(project.folder, 'reports'));
  const brokenLinks = links.filter(
    (link) => !/^(#|https?:)/.test(link) && !pages.includes(link.split('#')[0] ?? ''),
  );
  return { ...rest, requests, problems, brokenLinks };
}

describe('the emitted reports in a browser', { timeout: MINUTES }, () => {
  const pages = () => readdirSync(join(project.folder, 'reports')).filter((name) => name.endsWith('.html'));

  it('are several pages', () => {
    expect(pages()).toEqual(expect.arrayContaining(['index.html', 'experiments.html']));
  });

  it.each([380, 1200])(
    'ask for nothing from the network, fit a screen of %i pixels, and name every plot',
    async (width) => {
      for (const page of pages()) {
        const { requests, problems, overflow, unnamedPlots, title, language, brokenLinks } = await lookedAt(
          page,
          width,
        );
        expect({ page, requests, problems, unnamedPlots, brokenLinks }).toEqual({
          page,
          requests: [],
          problems: [],
          unnamedPlots: 0,
          brokenLinks: [],
        });
        expect(overflow, page).toBeLessThanOrEqual(0);
        expect(title, page).not.toBe('');
        expect(language, page).toBe('en');
      }
    },
  );

  it('show evaluation, calibration, slices, drift and the data, with plots', async () => {
    const { text, plots } = await lookedAt('index.html', 1200);
    for (const word of [/calibration/i, /slices/i, /drift/i, /baseline/i, /champion/i])
      expect(text).toMatch(word);
    expect(plots).toBeGreaterThanOrEqual(4);
  });
});
