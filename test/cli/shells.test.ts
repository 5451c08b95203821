import { describe, expect, it } from 'vitest';
import { SHELLS } from '../../orchestrator/completion/scripts.ts';
import { inProcess, makeFolder, PROGRAM } from '../support/mod.ts';
import { lackingFor, typeLines } from '../support/shells.ts';

/** Lines as typed, with the tab key, and the words that the program gets. */
const LINES: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['ru\tsmo\t--eng\tsim\t--qui\t', ['run', 'smoke', '--engine', 'simd', '--quiet']],
  ['run smoke --set grid.acti\tsigm\t', ['run', 'smoke', '--set', 'grid.activation=sigmoid']],
  ['run smoke --set=grid.activation=tanh,sigm\t', ['run', 'smoke', '--set=grid.activation=tanh,sigmoid']],
  ['run smoke --engine=sim\t', ['run', 'smoke', '--engine=simd']],
  ['expand extra/loss\t--js\t', ['expand', 'extra/losses', '--json']],
  ['run my-sw\t--see\t7', ['run', 'my-sweep.yaml', '--seed', '7']],
  ['table results/sm\t', ['table', 'results/smoke']],
  ['table res\t', ['table', 'results/smoke']],
  ['table results/smoke --format md,term\t', ['table', 'results/smoke', '--format', 'md,terminal']],
  ['worker --scratch=resu\t', ['worker', '--scratch=results']],
];

describe.each(SHELLS)('in %s, under a terminal', (shell) => {
  const lacking = lackingFor(shell);
  if (lacking.length > 0) console.warn(`completion in ${shell} is not tested: ${lacking.join(' and ')} not installed`);

  it.skipIf(lacking.length > 0)('the tab key completes commands, options, values, sweeps and paths', async () => {
    const cwd = makeFolder();
    await inProcess(['run', 'smoke', '--quiet'], { cwd });
    await inProcess(['init', 'my-sweep'], { cwd });
    const got = await typeLines(
      shell,
      cwd,
      [process.execPath, PROGRAM],
      LINES.map(([typed]) => typed),
    );
    // a slash after a folder is the shell's taste
    const plain = got.map((words) => words.map((word) => word.replace(/\/$/, '')));
    expect(LINES.map(([typed], i) => [typed, plain[i]])).toEqual(LINES);
  });
});
