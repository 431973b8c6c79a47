import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainVerdict, isReport, reportHtml } from '../../generators/core/classify/explanation.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { type Profile, parseProfile } from '../../generators/core/profile/profile.ts';
import { tempFolder, withFiles } from '../support/folders.ts';
import { mlops } from '../support/mlops.ts';
import { givenToUser, mlopsUnprivileged } from '../support/unprivileged.ts';
import { caseNamed, labelledCases, parsedCase, profileOf } from './labelled.ts';

const FACTS = ['--team-size=3', '--data-volume-gb=5', '--company-size=12'];

function pageOf(profile: Profile, reason?: string, notes: readonly string[] = []): string {
  const verdict = classifyProfile(profile);
  const explanation = explainVerdict(profile, verdict, new Map([['S4', ['src/<package>/gate.py']]]));
  const override = reason === undefined ? undefined : ({ archetype: 'hybrid', reason } as const);
  return reportHtml({ verdict, explanation, override, notes, generator: '1.2.3' });
}

/** Tag and attribute names, without anything that came from outside. */
function skeletonOf(page: string): string {
  return page.replace(/>[^<]*</g, '><');
}

describe('the report', () => {
  it('has a heading for each part', () => {
    const page = pageOf(parsedCase(caseNamed('regulated-small-team')).profile);
    expect(page.match(/<h[12]>[^<]*/g)?.map((heading) => heading.slice(4))).toEqual([
      'Small Data Ops',
      'Points of each kind',
      'Why',
      'What would change it',
      'Look at',
      'Pitfalls to expect',
      'Practice',
      'Growth',
      'What such an organisation is like',
      'Every answer',
    ]);
  });

  it('names what a verdict that is not final lacks, and the kind that was chosen by hand', () => {
    const page = pageOf(profileOf({ team_size: 3 }), 'we know better');
    expect(page).toContain('Not final: too little is known to decide.');
    expect(page).toContain('Chosen by hand: <strong>Hybrid MLOps</strong>: we know better');
  });

  it('is never broken out of by text from outside', () => {
    const quiet = skeletonOf(pageOf(profileOf({ team_size: 3 }), 'x', ['y']));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(skeletonOf(pageOf(profileOf({ team_size: 3 }), `x${text}`, [`y${text}`]))).toBe(quiet);
      }),
      { numRuns: 300 },
    );
  });

  it('escapes tags, quotes and hidden characters', () => {
    const evil = `<img src=x onerror=alert(1)> "'&\u202e`;
    const detected = parseProfile({ big_data_tools: 'spark' }, 'detected', evil).profile;
    const page = pageOf(new Map([...profileOf({ team_size: 6, data_volume_gb: 4000 }), ...detected]), evil);
    expect(page).not.toContain('<img');
    expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt; &quot;&#39;&amp;\u{fffd}/gu)?.length).toBe(3);
  });

  it('loads nothing and runs nothing, for every labelled case', () => {
    for (const one of [...labelledCases('boundary'), ...labelledCases('public')]) {
      const page = pageOf(parsedCase(one).profile);
      expect(page).not.toMatch(/<script|<img|<link|<iframe|src=|url\(|@import| on[a-z]+=|undefined|NaN/);
      expect(isReport(page)).toBe(true);
    }
  });
});

describe('--report', () => {
  it('writes the page and nothing else, and replaces an older report', () => {
    const folder = tempFolder();
    expect(mlops(folder, 'classify', ...FACTS, '--report=r.html')).toMatchObject({ code: 0, stderr: '' });
    const first = readFileSync(join(folder, 'r.html'), 'utf8');
    expect(mlops(folder, 'classify', ...FACTS, '--report=r.html').code).toBe(0);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toBe(first);
    expect(mlops(folder, 'classify', '--team-size=90', '--report=r.html', '--json').code).toBe(3);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('Not final');
    expect(readdirSync(folder)).toEqual(['r.html']);
  });

  it.each([
    ['a file of somebody else', 'mine.html', 5, /not a report of ours/],
    ['a folder', 'folder', 5, /not a report of ours/],
    ['a link', 'link.html', 5, /not a report of ours/],
    ['a path in a folder that is not there', 'nowhere/r.html', 2, /there is no folder/],
    ['a path below a file', 'mine.html/r.html', 2, /there is a file where the folder should be/],
  ])('does not write over %s', (_, path, code, sentence) => {
    const folder = withFiles(tempFolder(), { 'mine.html': 'mine' });
    mkdirSync(join(folder, 'folder'));
    symlinkSync('mine.html', join(folder, 'link.html'));
    const ran = mlops(folder, 'classify', ...FACTS, `--report=${path}`);
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(readFileSync(join(folder, 'mine.html'), 'utf8')).toBe('mine');
    expect(readdirSync(folder).sort()).toEqual(['folder', 'link.html', 'mine.html']);
  });

  it('fails with 7 where it may not write', () => {
    const folder = givenToUser(tempFolder());
    chmodSync(folder, 0o500);
    expect(mlopsUnprivileged(folder, 'classify', ...FACTS, '--report=r.html').code).toBe(7);
    expect(readdirSync(folder)).toEqual([]);
    chmodSync(folder, 0o700);
  });
});
