import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandBlocks, elsewhere, inProcess, makeFolder, NEEDS_SERVER, SERVES, sweepBlocks } from '../support/mod.ts';

/** The words of a line as a shell has them; documents quote with single quotes only. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain).slice(1);

/** Commands that take a second or two whatever they are about, and have tests of their own. */
const SLOW = /^edgesweep doctor\b|--dry-run\b/;

/** Every command of a document as it stands, but with coarse ladders: `make test-docs` runs them as they are, for minutes. */
async function follow(document: string): Promise<string> {
  const cwd = makeFolder();
  for (const { name, text } of sweepBlocks(document)) {
    const coarse = text.replace(/growth: 1\.\d+, steps: \d+/, 'growth: 2, steps: 5');
    writeFileSync(join(cwd, `${name}.yaml`), coarse);
  }
  for (const { commands } of commandBlocks(document)) {
    for (const command of commands) {
      if (elsewhere(command) ?? (SERVES.test(command) || NEEDS_SERVER.test(command) || SLOW.test(command))) continue;
      const { code, stderr } = await inProcess(wordsOf(command), { cwd });
      const expected = command.includes('--max-tasks') ? 3 : 0;
      expect({ command, code, stderr: code === expected ? '' : stderr }).toEqual({
        command,
        code: expected,
        stderr: '',
      });
    }
  }
  return cwd;
}

it('the tutorial leads from an empty folder to its figure', async () => {
  const cwd = await follow('docs/tutorial.md');
  for (const path of ['results/depths/figure.png', 'results/initializations/table.csv', 'depths.csv'])
    expect([path, existsSync(join(cwd, path))]).toEqual([path, true]);
});

it('the guide to own programs leads to its figure', async () => {
  const cwd = await follow('docs/how-to/own-program.md');
  expect(existsSync(join(cwd, 'results/learning-rates/figure.svg'))).toBe(true);
});
