import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHELLS, type Shell } from '../../orchestrator/completion/scripts.ts';
import { inProcess, makeFolder, PROGRAM, startProcess, waitFor } from '../support/mod.ts';

/** Relays its input and output to a program on a terminal of its own. */
const RELAY = 'import pty, sys; pty.spawn(sys.argv[1:])';

const INTERACTIVE: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['bash', '--norc', '--noprofile', '-i'],
  zsh: ['zsh', '-f', '-i'],
  fish: ['fish', '--no-config', '-i'],
};

const SETUP: Readonly<Record<Shell, string>> = {
  bash: 'source <(edgesweep completion bash)',
  zsh: 'autoload -U compinit && compinit -u && source <(edgesweep completion zsh)',
  fish: 'edgesweep completion fish | source',
};

const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

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
  const lacking = ['python3', shell].filter((program) => !isInstalled(program));
  if (lacking.length > 0) console.warn(`completion in ${shell} is not tested: ${lacking.join(' and ')} not installed`);

  it.skipIf(lacking.length > 0)('the tab key completes commands, options, values, sweeps and paths', async () => {
    const cwd = makeFolder();
    const log = join(cwd, '.log');
    mkdirSync(join(cwd, '.bin'));
    const program = join(cwd, '.bin', 'edgesweep');
    // answers the shell, and writes down what else it is asked for
    const ask = `exec '${process.execPath}' '${PROGRAM}' "$@"`;
    writeFileSync(
      program,
      `#!/bin/sh\ncase $1 in --complete | completion) ${ask} ;; esac\n{ printf '%s\\n' "$@"; echo; } >> '${log}'\n`,
    );
    chmodSync(program, 0o755);
    await inProcess(['run', 'smoke', '--quiet'], { cwd });
    await inProcess(['init', 'my-sweep'], { cwd });
    const env = { HOME: cwd, PATH: `${join(cwd, '.bin')}:${process.env.PATH}`, TERM: 'xterm', INPUTRC: '/dev/null' };
    const terminal = startProcess('python3', ['-c', RELAY, ...INTERACTIVE[shell]], { cwd, env, input: true });
    const type = (keys: string) => terminal.child.stdin?.write(keys);
    const logged = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n\n').slice(0, -1) : []);

    type(`${SETUP[shell]}\redgesweep ready\r`);
    await waitFor(`${shell} to start`, () => logged().length === 1);
    for (const [i, [typed, words]] of LINES.entries()) {
      type(`edgesweep ${typed}\r`);
      await waitFor(`${typed} in ${shell}; on its screen: ${terminal.stdout}`, () => logged().length === i + 2);
      // a slash after a folder is the shell's taste
      const got = logged()
        .at(-1)
        ?.split('\n')
        .map((word) => word.replace(/\/$/, ''));
      expect([typed, got]).toEqual([typed, [...words]]);
    }
    type('exit\r');
    await terminal.ended;
  });
});
