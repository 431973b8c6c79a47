import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder, withFiles } from '../support/folders.ts';
import { MAIN, mlops } from '../support/mlops.ts';
import { OnTerminal } from '../support/on-terminal.ts';

const ALL_CHOICES = [
  'python=3.11',
  'license=mit',
  'model-framework=lightgbm',
  'serving=batch',
  'deploy-cloud=none',
  'ci=none',
].map((choice) => `--${choice}`);

function started(cwd: string, ...args: string[]): OnTerminal {
  return new OnTerminal(process.execPath, [MAIN, ...args], cwd);
}

describe('new on a terminal', () => {
  it('asks, explains, shows the plan and writes after a yes', async () => {
    const folder = tempFolder();
    const terminal = started(folder, 'new', '--team-size=3', '--data-volume-gb=5', '--company-size=12');
    await terminal.until('What is the project called?');
    terminal.enter('acme');
    await terminal.until('In which folder?');
    terminal.enter();
    for (;;) {
      const screen = await terminal.until(
        /Enter if unknown|I do not know|Which CI\?|Which repository|oldest Python/,
      );
      if (/oldest Python/.test(screen)) break;
      terminal.enter();
    }
    terminal.enter();
    await terminal.until('Under which licence?');
    terminal.enter();
    await terminal.until('Which library fits the model?');
    terminal.enter();
    await terminal.until('Who uses a prediction?');
    terminal.enter();
    await terminal.until('Which CI?');
    terminal.enter();
    await terminal.until('Write these files?');
    expect(existsSync(join(folder, 'acme'))).toBe(false);
    terminal.enter();
    await terminal.until('Set up the Python environment now');
    terminal.enter('n');
    await terminal.until('uv run acme run');
    expect(await terminal.exit()).toBe(0);
    expect(readFileSync(join(folder, 'acme/mlops.yaml'), 'utf8')).toContain('team_size: 3');
  });
});

describe('a person who stops in the middle', () => {
  it('with Ctrl-C gets one sentence, exit 130, and nothing written', async () => {
    const folder = tempFolder();
    const terminal = started(folder, 'new');
    await terminal.until('What is the project called?');
    terminal.type('\u0003');
    expect(await terminal.exit()).toBe(130);
    expect(terminal.rest).toMatch(/Stopped before anything was written/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('by closing the terminal leaves nothing behind', async () => {
    const folder = tempFolder();
    const terminal = started(folder, 'new');
    await terminal.until('What is the project called?');
    terminal.close();
    await terminal.exit();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('by saying no to the plan gets nothing written and exit 0', async () => {
    const folder = tempFolder();
    const terminal = started(folder, 'new', 'acme', '--archetype=small-data', ...ALL_CHOICES);
    await terminal.until('Write these files?');
    terminal.enter('n');
    expect(await terminal.exit()).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('an answer that is no good', () => {
  it('is refused at the prompt with the reason, and can be mended there', async () => {
    const terminal = started(tempFolder(), 'new');
    await terminal.until('What is the project called?');
    terminal.enter('numpy');
    await terminal.until(/would hide a module/);
    terminal.type('\u0015');
    terminal.enter('acme');
    await terminal.until('In which folder?');
    terminal.close();
  });
});

describe('classify on a terminal', () => {
  it('asks until nothing can change the verdict, and explains it', async () => {
    const terminal = started(tempFolder(), 'classify', '--company-size=12');
    for (let asked = 0; asked < 20; asked++) {
      const screen = await terminal.until(/Enter if unknown|I do not know|points for/);
      if (/points for/.test(screen)) break;
      terminal.enter(/ML and data team/.test(screen) ? '3' : '');
    }
    expect(await terminal.exit()).not.toBe(1);
  });
});

describe('what is in the folder that a person chose', () => {
  it('is not overwritten when it came between the plan and the yes', async () => {
    const folder = tempFolder();
    const terminal = started(folder, 'new', 'acme', '--archetype=small-data', ...ALL_CHOICES);
    await terminal.until('Write these files?');
    withFiles(join(folder, 'acme'), { 'README.md': 'mine' });
    terminal.enter();
    expect(await terminal.exit()).toBe(5);
    expect(readFileSync(join(folder, 'acme/README.md'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'acme'))).toEqual(['README.md']);
  });

  it('is kept with its comments when it is a classification, also where the folder was asked for', async () => {
    const folder = withFiles(tempFolder(), {
      'acme/mlops.yaml': '# ours\nschema: 1\nfacts: {team_size: 3}\n',
    });
    const terminal = started(folder, 'new', '--archetype=small-data', '--no-install', ...ALL_CHOICES);
    await terminal.until('What is the project called?');
    terminal.enter('acme');
    await terminal.until('In which folder?');
    terminal.enter();
    await terminal.until('Write these files?');
    terminal.enter();
    expect(await terminal.exit()).toBe(0);
    expect(readFileSync(join(folder, 'acme/mlops.yaml'), 'utf8')).toMatch(
      /^# ours\n[\s\S]*team_size: 3[\s\S]*generator: /,
    );
  });
});

describe('regenerate on a terminal', () => {
  it.each([
    ['writes after a yes', '', /✔ written/, false],
    ['writes nothing after a no', 'n', /Nothing was written/, true],
  ])('shows the plan, asks, and %s', async (_, answer, end, isThere) => {
    const folder = tempFolder();
    expect(mlops(folder, 'new', 'acme', '--archetype=small-data', '--yes').code).toBe(0);
    const terminal = started(join(folder, 'acme'), 'regenerate', '--ci=none');
    const screen = await terminal.until('Regenerate like this?');
    expect(screen).toMatch(/answer ci github → none: \+0 −4 ~1/);
    terminal.enter(answer);
    await terminal.until(end);
    expect(await terminal.exit()).toBe(0);
    expect(existsSync(join(folder, 'acme/.github'))).toBe(isThere);
  });
});
