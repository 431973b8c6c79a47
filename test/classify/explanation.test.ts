import { describe, expect, it } from 'vitest';
import {
  explainVerdict,
  explanationMarkdown,
  explanationText,
  type Painter,
} from '../../generators/core/classify/explanation.ts';
import { LABELLED_CASES } from '../../generators/core/classify/labelled-cases.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { type Profile, parseProfile } from '../../generators/core/profile/profile.ts';
import { caseNamed, labelledCases, labelOf, parsedCase, profileOf } from './labelled.ts';

function explained(profile: Profile, answers?: ReadonlyMap<string, readonly string[]>) {
  return explainVerdict(profile, classifyProfile(profile), answers);
}

const everyProfile = [...labelledCases('boundary'), ...labelledCases('public')].map(
  (one) => parsedCase(one).profile,
);

describe('the explanation', () => {
  it('says true sentences about this organisation, with their points', () => {
    const { profile } = parsedCase(caseNamed('anchor-small'));
    expect(explained(profile).arguments.strongest).toEqual([
      { words: 'A team of three people: so few share everything.', points: 2 },
      { words: 'Three data scientists and no engineers: one trade does everything.', points: 2 },
      { words: '5 GB for one training run: fits a laptop.', points: 2 },
    ]);
  });

  it('shows points that add up to the score, for every labelled case', () => {
    for (const profile of everyProfile) {
      const { strongest, opposing, rest, adjustments, score } = explained(profile).arguments;
      const shown = [...strongest, ...opposing, rest, ...adjustments].reduce(
        (sum, one) => sum + one.points,
        0,
      );
      expect(shown).toBe(score);
    }
  });

  it('never prints an empty or undefined word, for every labelled case', () => {
    for (const profile of everyProfile) {
      const text = explanationText(explained(profile)) + explanationMarkdown(explained(profile));
      expect(text).not.toMatch(/undefined|NaN|\[object|null/);
      for (const { says, reason } of classifyProfile(profile).evidence) {
        expect(says).not.toBe('');
        expect(reason).toMatch(/^\S.*: .+\.$/);
      }
    }
  });

  it('quotes where a detected answer was found', () => {
    const detected = parseProfile({ big_data_tools: 'spark' }, 'detected', 'pyproject.toml:14').profile;
    const profile = new Map([...profileOf({ team_size: 6, data_volume_gb: 4000 }), ...detected]);
    expect(explanationText(explained(profile))).toContain(
      'Spark in use: a cluster is in use. (pyproject.toml:14)',
    );
  });

  it('says how a volume was counted, and what stands in for what', () => {
    const profile = profileOf({ data_volume_gb: 100, data_volume_basis: 'per_day', org_type: 'startup' });
    const reasons = classifyProfile(profile).evidence.map(({ reason }) => reason);
    expect(reasons).toEqual([
      '100 GB a day, counted as 30 days: needs large-scale processing.',
      'A start-up, in place of the number of employees at half points: the size of a start-up.',
    ]);
  });

  it('names the article, and two labelled cases near by', () => {
    const { article } = explained(parsedCase(caseNamed('anchor-large')).profile);
    expect(article.sentence).toContain('multinational');
    expect(article.nearest).toHaveLength(2);
    for (const { source } of article.nearest) expect(source).toMatch(/^https?:/);
  });

  it('holds the labelled cases as the file of cases has them', () => {
    const published = labelledCases('public');
    expect(LABELLED_CASES.length).toBeGreaterThan(40);
    for (const { name, label, facts } of LABELLED_CASES) {
      const original = published.find((one) => one.name === name);
      if (original === undefined) throw new Error(`${name} is not among the cases`);
      expect(labelOf(original)).toBe(label);
      expect(original.facts).toMatchObject(facts);
      expect(parseProfile(facts, 'file').problems).toEqual([]);
    }
  });
});

describe('the explanation on a terminal', () => {
  it('is one screen of 80 columns, for every labelled case', () => {
    for (const profile of everyProfile) {
      const lines = explanationText(explained(profile)).split('\n');
      expect(lines.length).toBeLessThanOrEqual(24);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('says first when a verdict is not final, and which question settles it', () => {
    const text = explanationText(explained(parsedCase(caseNamed('c-roles-exceed-team')).profile));
    expect(text.split('\n')[0]).toBe('Not final: some answers contradict each other.');
    expect(text).toMatch(/! The head counts add up to 5, in a team of 3/);
  });

  it('says when another archetype is close', () => {
    const text = explanationText(explained(parsedCase(caseNamed('data-1100gb-mid')).profile));
    expect(text).toContain('low confidence, 18 of 20 answered');
    expect(text).toMatch(/Close to .+; either may fit\./);
    expect(text).toContain('with 20 GB for one training run: Small Data Ops');
  });

  it('shows points that add up, also where caps and the bonus are folded into lines', () => {
    for (const profile of everyProfile) {
      const text = explanationText(explained(profile));
      const points = [...text.matchAll(/^ *([+-]?[\d.]+) {2}\S/gm)].map(([, number]) => Number(number));
      const [, total = ''] = /= ([+-]?[\d.]+) {2}points for/.exec(text) ?? [];
      expect(points.reduce((sum, one) => sum + one, 0)).toBe(Number(total));
    }
  });

  it('names the question that can still change it, and why', () => {
    const text = explanationText(explained(profileOf({ team_size: 8, data_volume_gb: 300 })));
    expect(text.replace(/\s+/g, ' ')).toMatch(
      /Next .+\? \(--[a-z-]+\) So far Hybrid MLOps; the answer can make it /,
    );
  });

  it('is coloured by who knows the terminal, without a change of the text', () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const painter: Painter = {
      strong: mark('b'),
      faint: mark('f'),
      good: mark('g'),
      bad: mark('r'),
      warn: mark('y'),
    };
    const explanation = explained(parsedCase(caseNamed('c-50tb-on-laptop')).profile);
    const painted = explanationText(explanation, painter);
    expect(painted).toContain('<b>Small Data Ops</b>');
    expect(painted).toContain('<r>Not final');
    expect(painted.replace(/<\/?[bfgry]>/g, '')).toBe(explanationText(explanation));
  });

  it('prints no control character of a place where something was found', () => {
    const evil = parseProfile({ big_data_tools: 'spark' }, 'detected', 'a\u001b[31m\n|b.toml:1').profile;
    const profile = new Map([...profileOf({ team_size: 6, data_volume_gb: 4000 }), ...evil]);
    expect(explanationText(explained(profile))).toContain('(a?[31m?|b.toml:1)');
    expect(explanationMarkdown(explained(profile))).toContain('a?\\[31m?\\|b.toml:1');
  });
});

describe('the explanation as a page', () => {
  it('names the files that answer a pitfall', () => {
    const answers = new Map([['S4', ['.github/workflows/ci.yml', 'justfile']]]);
    const page = explanationMarkdown(explained(parsedCase(caseNamed('anchor-small')).profile, answers));
    expect(page).toContain(
      '- No streamlined CI/CD for models (S4). Answered by `.github/workflows/ci.yml`, `justfile`.',
    );
  });

  it('describes the runner-up where it is close, and only there', () => {
    const close = explanationMarkdown(explained(parsedCase(caseNamed('data-1100gb-mid')).profile));
    expect(close).toMatch(/Close by, \*\*.+\*\*: \S.+\.\n/);
    const clear = explanationMarkdown(explained(parsedCase(caseNamed('anchor-large')).profile));
    expect(clear).not.toContain('Close by');
  });

  it('has a heading for each part', () => {
    const page = explanationMarkdown(explained(parsedCase(caseNamed('regulated-small-team')).profile));
    expect(page.match(/^#+ .*/gm)).toEqual([
      '# Small Data Ops',
      '## Why',
      '## What would change it',
      '## Look at',
      '## Pitfalls to expect',
      '## Practice',
      '## Growth',
      '## What such an organisation is like',
    ]);
    expect(page).toContain(
      '- Rules apply (banking): a model card, an audit log and approvals will be asked for.',
    );
    expect(page.endsWith('\n')).toBe(true);
    expect(page).not.toContain('\n\n\n');
  });
});
