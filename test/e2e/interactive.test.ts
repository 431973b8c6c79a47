import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/folders.ts';
import { MAIN } from '../support/mlops.ts';
import { OnTerminal } from '../support/on-terminal.ts';

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
