import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder, withFiles } from '../support/folders.ts';
import { answered } from '../support/interview.ts';
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
    await answered(terminal, {}, /Tell me more anyway/);
    terminal.enter();
    await terminal.until('oldest Python');
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

  it('keeps the reason of a person who takes another kind than the answers say', async () => {
    const folder = tempFolder();
    const facts = ['--team-size=12', '--roles-present=ds,de,devops', '--data-volume-gb=200'];
    const terminal = started(
      folder,
      'new',
      'acme',
      ...facts,
      '--company-size=300',
      '--no-install',
      ...ALL_CHOICES,
    );
    await answered(terminal, {}, /Tell me more anyway/);
    terminal.enter();
    await terminal.until('Which repository should be written');
    // Small Data Ops is offered first where the leading kind is not written yet.
    terminal.type('\u001b[A');
    await terminal.until(/❯ Small Data Ops/);
    terminal.enter();
    await terminal.until('Why another kind than the verdict?');
    terminal.enter('a first try');
    await terminal.until('Write these files?');
    terminal.enter();
    expect(await terminal.exit()).toBe(0);
    expect(readFileSync(join(folder, 'acme/mlops.yaml'), 'utf8')).toMatch(
      /^archetype: small-data\nreason: "a first try"$/m,
    );
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

  it("opens a file's diff before it asks again", async () => {
    const folder = tempFolder();
    expect(mlops(folder, 'new', 'acme', '--archetype=small-data', '--yes').code).toBe(0);
    const terminal = started(join(folder, 'acme'), 'regenerate', '--license=mit');
    await terminal.until('Regenerate like this?');
    terminal.enter('Show');
    await terminal.until('Of which file?');
    terminal.enter('LICENSE');
    const screen = await terminal.until(/diff --git[\s\S]*Regenerate like this\?/);
    expect(screen).toContain('+++ b/LICENSE');
    terminal.enter('No');
    expect(await terminal.exit()).toBe(0);
    expect(existsSync(join(folder, 'acme/LICENSE'))).toBe(false);
  });
});
