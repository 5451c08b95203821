import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, journalText, makeFolder } from '../support/mod.ts';

it('a run says how its sweep differs from the former one of the directory, and what becomes of the outcomes', async () => {
  const cwd = makeFolder();
  const directory = join(cwd, 'results', 'smoke');
  const run = (...words: string[]) => inProcess(['run', 'smoke', '--quiet', ...words], { cwd });
  const manifest = () => JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  const first = ['--runs', '1', '--seed', '6'];
  const second = ['--runs', '2', '--seed', '9', '--set', 'grid.depth=[2,3]', '--nats-password', 'geheim'];

  expect(await run(...first)).toMatchObject({ code: 0, stderr: '' });
  expect(manifest()).not.toHaveProperty('history');
  const changed = await run(...second);
  expect(changed).toMatchObject({ code: 0 });
  expect(changed.stderr).toBe(
    [
      'the sweep of this directory has changed:',
      '  runs: 1 → 2',
      '  grid.depth: 3 → [2,3]',
      '  seed: 6 → 9',
      '  2 recorded outcomes are not part of it; they stay in outcomes.jsonl, and count again with the former sweep: edgesweep run smoke --quiet --runs 1 --seed 6',
      '',
    ].join('\n'),
  );
  expect(await run(...second)).toMatchObject({ code: 0, stderr: '' });

  const journal = journalText(directory);
  const back = await run(...first, '--json');
  expect(back).toMatchObject({ code: 0, stderr: '' });
  const [note] = back.stdout.split('\n').map((line) => line && JSON.parse(line));
  expect(note).toMatchObject({ event: 'note', message: expect.stringContaining('  seed: 9 → 6\n  8 recorded') });
  expect(journalText(directory)).toBe(journal);
  expect(manifest().history.map(({ command }: { command: string[] }) => command.slice(3))).toEqual([
    first,
    [...second.slice(0, -1), '***'],
  ]);
  // still readable with its digest
  expect(await inProcess(['gallery', directory, '--out', 'page.html'], { cwd })).toMatchObject({ code: 0 });
});
