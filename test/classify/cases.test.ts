import { describe, expect, it } from 'vitest';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import {
  type Agreement,
  acceptedFor,
  agreementOn,
  isStrong,
  labelledCases,
  labelOf,
  majorityShare,
  parsedCase,
  wilsonInterval,
} from './labelled.ts';

const boundary = labelledCases('boundary');
const published = labelledCases('public');

describe('the boundary cases', () => {
  it('are all there', () => {
    expect(boundary.length).toBeGreaterThanOrEqual(38);
    expect(boundary.filter(isStrong).length).toBeGreaterThanOrEqual(21);
  });

  it.each(boundary.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const expected = one.expect?.warnings ?? [];
    const { profile, problems } = parsedCase(one);
    if (expected.includes('INVALID_VALUE')) {
      expect(problems).not.toEqual([]);
      return;
    }
    expect(problems).toEqual([]);
    const verdict = classifyProfile(profile);
    const codes = verdict.findings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining([...expected]));
    const blocking = verdict.findings
      .filter(({ severity }) => severity === 'blocking')
      .map(({ code }) => code);
    expect(blocking.filter((code) => !expected.includes(code))).toEqual([]);
    if (one.expect?.kind === 'needs_more_information') expect(verdict.status).not.toBe('final');
    if (one.label === null) return;
    expect(verdict.status).toBe('final');
    if (isStrong(one)) expect(verdict.archetype).toBe(labelOf(one));
    // Between two, the second one that its reader named is right as well.
    else expect(acceptedFor(one)).toContain(verdict.archetype);
  });
});

describe('the public cases', () => {
  it.each(published.map((one) => [one.id, one] as const))('%s is read without a problem', (_, one) => {
    const { profile, problems } = parsedCase(one);
    expect(problems).toEqual([]);
    const verdict = classifyProfile(profile);
    const blocking = verdict.findings
      .filter(({ severity }) => severity === 'blocking')
      .map(({ code }) => code);
    // Sparse they may be, contradictory they are not.
    expect(blocking.filter((code) => code !== 'INSUFFICIENT_EVIDENCE')).toEqual([]);
  });

  it.each([
    ['with org_type', []],
    ['without org_type', ['org_type']],
  ])('agree with the assigned labels %s', (title, dropped) => {
    const agreement = agreementOn(published, dropped);
    console.info(agreementLine(title, agreement));
    expect(agreement.exact / agreement.cases).toBeGreaterThanOrEqual(0.9);
    expect(agreement.firstTwo / agreement.cases).toBeGreaterThanOrEqual(0.95);
    expect(agreement.exact / agreement.cases).toBeGreaterThan(majorityShare(published));
  });
});

function agreementLine(title: string, one: Agreement): string {
  const percent = (hits: number, of: number) => `${hits}/${of} = ${((100 * hits) / of).toFixed(0)} %`;
  const [low, high] = wilsonInterval(one.exact, one.cases);
  return [
    `agreement with assigned labels, sure and likely, ${title}:`,
    `exact ${percent(one.exact, one.cases)} (95 % interval ${low}–${high} %),`,
    `in the first two ${percent(one.firstTwo, one.cases)},`,
    `of those it calls final ${percent(one.finalExact, one.final)},`,
    `majority baseline ${(100 * majorityShare(published)).toFixed(0)} %;`,
    `missed: ${one.missed.join(', ') || 'none'}`,
  ].join(' ');
}
