import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../generators/cli/arguments.ts';
import { COMMON_OPTIONS } from '../../generators/cli/command.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import { FACTS } from '../../generators/core/profile/facts.ts';

function parsed(...argv: string[]) {
  const { positionals, switches, texts, answers } = parseArguments(argv, COMMON_OPTIONS, FACTS, 1);
  return { positionals, switches: [...switches], texts: [...texts], answers: [...answers] };
}

function problemsOf(...argv: string[]): string[] {
  try {
    parsed(...argv);
  } catch (error) {
    if (error instanceof MlopsError) return [error.message, ...error.details.map(({ message }) => message)];
    throw error;
  }
  return [];
}

describe('arguments', () => {
  it('take a value behind = or as the next word', () => {
    expect(parsed('--team-size=3', '--data-volume-gb', '5')).toMatchObject({
      answers: [
        ['team_size', '3'],
        ['data_volume_gb', '5'],
      ],
    });
  });

  it('keep everything behind the first = of a value', () => {
    expect(parsed('--answers=a=b.yaml').texts).toEqual([['answers', 'a=b.yaml']]);
  });

  it('take a yes-no question as a switch', () => {
    expect(parsed('--legacy-systems', 'dir')).toMatchObject({
      answers: [['legacy_systems', 'yes']],
      positionals: ['dir'],
    });
  });

  it('take a negative number as a value, for the question to refuse', () => {
    expect(parsed('--team-size', '-1').answers).toEqual([['team_size', '-1']]);
  });

  it('take every word behind -- as it is', () => {
    expect(parsed('--', '--yes').positionals).toEqual(['--yes']);
  });

  it('name the nearest option', () => {
    expect(problemsOf('--team-sise=3')).toEqual(['Unknown option --team-sise; the nearest is --team-size.']);
  });

  it('list every problem at once', () => {
    expect(problemsOf('--nothing-like-it', '--yes=no', '--answers', 'a', 'b', 'c')).toHaveLength(3);
  });

  it('list the values that are no good beside the options that are not known', () => {
    expect(problemsOf('--team-sise=3', '--company-size=-1', '--data-volume-gb=NaN', '--cloud=moon')).toEqual([
      'Unknown option --team-sise; the nearest is --team-size.',
      'company_size cannot be negative.',
      expect.stringMatching(/^data_volume_gb .*NaN/),
      expect.stringMatching(/^cloud does not know "moon"/),
    ]);
  });

  it('refuse a flag that is given twice, since neither value is known to be meant', () => {
    expect(problemsOf('--team-size=3', '--team-size=4')).toEqual([
      '--team-size is given twice: "3" and "4".',
    ]);
    expect(problemsOf('--answers=a', '--answers', 'b')).toEqual(['--answers is given twice: "a" and "b".']);
    expect(problemsOf('--yes', '--yes')).toEqual([]);
  });

  it('refuse --force with the reason', () => {
    expect(problemsOf('--force')[0]).toMatch(/never overwritten/);
  });

  it('refuse an option that misses its value', () => {
    expect(problemsOf('--team-size', '--yes')[0]).toMatch(/--team-size=VALUE/);
  });
});
