import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tempFolder } from '../support/folders.ts';
import { answered, QUESTION } from '../support/interview.ts';
import { MAIN } from '../support/mlops.ts';
import { OnTerminal } from '../support/on-terminal.ts';

const DOWN = '\u001b[B';
function started(cwd: string, ...args: string[]): OnTerminal {
  return new OnTerminal(process.execPath, [MAIN, 'classify', ...args], cwd);
}

const SMALL = {
  'Which roles': 'ds',
  'ML and data team': '3',
  'one training run read': '5 GB',
  'Which rules': 'none',
};

describe('classify on a terminal', () => {
  it('takes a few answers, says why it asks, and stops when nothing can change the verdict', async () => {
    const terminal = started(tempFolder());
    const { asked, screens } = await answered(terminal, SMALL, /Nothing else that could be asked/);
    expect(asked).toBeLessThanOrEqual(5);
    expect(screens).toMatch(/So far Small Data Ops; the answer can make it/);
    expect(screens).toMatch(/The kind stays; the answer can add approvals/);
    terminal.enter();
    await terminal.until('points for Small Data Ops');
    expect(await terminal.exit()).toBe(0);
  });

  it('tells more anyway to who wants to', async () => {
    const terminal = started(tempFolder(), '--team-size=3', '--data-volume-gb=5', '--company-size=12');
    const { screens } = await answered(terminal, SMALL, /Tell me more anyway \(\d+ /);
    const open = Number(/anyway \((\d+) /.exec(screens)?.[1]);
    terminal.enter(DOWN);
    const { asked } = await answered(terminal, SMALL, new RegExp(`anyway \\(${open - 5} `));
    expect(asked).toBe(5);
    terminal.enter();
    await terminal.until('points for Small Data Ops');
    expect(await terminal.exit()).toBe(0);
  });

  it('stops early with a person who does not know', async () => {
    const terminal = started(tempFolder());
    const { asked } = await answered(terminal, {}, /That is enough to go on with/);
    expect(asked).toBe(5);
    terminal.enter();
    expect(await terminal.until('points for')).toMatch(/Not final: too little is known/);
    expect(await terminal.exit()).toBe(3);
  });

  it('asks every question with --ask=all', async () => {
    const terminal = started(tempFolder(), '--ask=all', '--team-size=3', '--data-volume-gb=5');
    const { asked, screens } = await answered(terminal, {}, /points for/);
    expect(screens).toContain('How much may the cloud cost a month?');
    expect(asked).toBeGreaterThan(25);
    expect(await terminal.exit()).toBe(0);
  });

  it('has contradictory answers corrected on the spot', async () => {
    const terminal = started(tempFolder(), '--team-size=30', '--company-size=12', '--data-volume-gb=5');
    const screen = await terminal.until('Which answer is to be corrected?');
    expect(screen).toMatch(/30 people/);
    terminal.enter();
    await terminal.until(QUESTION);
    terminal.type('\u0008\u0008');
    terminal.enter('3');
    await answered(terminal, SMALL, /Tell me more anyway/);
    terminal.enter();
    const verdict = await terminal.until('points for');
    expect(verdict).toContain('A team of three people');
    expect(verdict).not.toContain('Not final');
    expect(await terminal.exit()).toBe(0);
  });

  it('goes on with answers that contradict each other when the person says that they are right', async () => {
    const terminal = started(tempFolder(), '--team-size=30', '--company-size=12', '--data-volume-gb=5');
    await terminal.until('Which answer is to be corrected?');
    terminal.enter(DOWN + DOWN);
    await answered(terminal, SMALL, /Tell me more anyway/);
    terminal.enter();
    expect(await terminal.until('points for')).toContain('Not final: some answers contradict each other.');
    expect(await terminal.exit()).toBe(3);
  });

  it('keeps another kind with its reason', async () => {
    const folder = tempFolder();
    const facts = ['--team-size=3', '--data-volume-gb=5', '--company-size=12', '--regulation=none'];
    const terminal = started(folder, ...facts, '--roles-present=ds', '--save', '--report=r.html');
    await terminal.until('Tell me more anyway');
    terminal.enter();
    await terminal.until('Which kind is to be kept?');
    terminal.enter(DOWN);
    await terminal.until('Why another kind than the verdict?');
    terminal.enter('we merge with another team');
    await terminal.until(/Chosen by hand: Hybrid MLOps/);
    expect(await terminal.exit()).toBe(0);
    const saved = parse(readFileSync(join(folder, 'mlops.yaml'), 'utf8'));
    expect(saved).toMatchObject({ archetype: 'hybrid', reason: 'we merge with another team' });
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('we merge with another team');
  });

  it('writes nothing when it is stopped', async () => {
    const folder = tempFolder();
    const terminal = started(folder, '--save', '--report=r.html');
    await terminal.until(QUESTION);
    terminal.type('\u0003');
    expect(await terminal.exit()).toBe(130);
    expect(existsSync(join(folder, 'mlops.yaml')) || existsSync(join(folder, 'r.html'))).toBe(false);
  });
});
