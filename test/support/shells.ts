import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../../orchestrator/completion/scripts.ts';
import { startProcess } from './program.ts';
import { waitFor } from './wait-for.ts';

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

/** The programs that a test of completion in the shell needs and this machine lacks. */
export const lackingFor = (shell: Shell): string[] => ['python3', shell].filter((program) => !isInstalled(program));

/**
 * Types lines, with the tab key, in a shell under a terminal.
 * @param program the words that start edgesweep
 * @returns for each line the words that the program gets
 */
export async function typeLines(
  shell: Shell,
  cwd: string,
  program: readonly string[],
  lines: readonly string[],
): Promise<string[][]> {
  const log = join(cwd, `.log-${shell}`);
  mkdirSync(join(cwd, '.bin'), { recursive: true });
  // answers the shell, and writes down what else it is asked for
  const ask = `exec ${program.map((word) => `'${word}'`).join(' ')} "$@"`;
  const file = join(cwd, '.bin', 'edgesweep');
  writeFileSync(
    file,
    `#!/bin/sh\ncase $1 in --complete | completion) ${ask} ;; esac\n{ printf '%s\\n' "$@"; echo; } >> '${log}'\n`,
  );
  chmodSync(file, 0o755);
  const env = { HOME: cwd, PATH: `${join(cwd, '.bin')}:${process.env.PATH}`, TERM: 'xterm', INPUTRC: '/dev/null' };
  const terminal = startProcess('python3', ['-c', RELAY, ...INTERACTIVE[shell]], { cwd, env, input: true });
  const type = (keys: string) => terminal.child.stdin?.write(keys);
  const logged = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n\n').slice(0, -1) : []);

  type(`${SETUP[shell]}\redgesweep ready\r`);
  await waitFor(`${shell} to start`, () => logged().length === 1);
  for (const [i, typed] of lines.entries()) {
    type(`edgesweep ${typed}\r`);
    await waitFor(`${typed} in ${shell}; on its screen: ${terminal.stdout}`, () => logged().length === i + 2);
  }
  type('exit\r');
  await terminal.ended;
  return logged()
    .slice(1)
    .map((words) => words.split('\n'));
}
