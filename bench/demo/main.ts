/**
 * Draws the moving picture of the README: a sweep that is killed and rerun, from the real output on a pseudo-terminal of `script`
 * (util-linux). `--write FILE` sets where. The program's folder is a new one.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { PROGRAM } from '../speed/commands.ts';
import { animation, type Frame } from './animation.ts';

const { values: options } = parseArgs({ options: { write: { type: 'string', default: 'docs/demo.svg' } } });
const WORDS = ['run', 'table-4.1'];
const PROMPT = `$ edgesweep ${WORDS.join(' ')}`;
/** Tasks of 40 after which the first run is killed. */
const KILLED_AFTER = 17;
/** Seconds that the whole, and the end, is looked at. */
const SLOWER = 1.2;
const LAST = 6;

/** What a command leaves on a terminal after each of its writes. */
async function record(folder: string, isOver: (screen: string[]) => boolean): Promise<Frame[]> {
  const pidFile = join(folder, 'pid');
  const command = `stty cols 92; echo $$ > ${pidFile}; exec ${process.execPath} ${PROGRAM} ${WORDS.join(' ')}`;
  const child = spawn('script', ['-qfc', command, '/dev/null'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const begin = performance.now();
  const frames: Frame[] = [];
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const lines = screenOf(text);
    frames.push({ seconds: (performance.now() - begin) / 1000, lines });
    if (isOver(lines)) {
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
      break;
    }
  }
  return frames;
}

/** The lines of a terminal: a progress bar begins its line anew, and takes its colors along. */
function screenOf(text: string): string[] {
  const plain = stripVTControlCharacters(text.replaceAll('\u001b[1G', '\r'));
  const lines = plain.split(/\r*\n/).map((line) => line.slice(line.lastIndexOf('\r') + 1).trimEnd());
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

const doneOf = (lines: readonly string[]): number => Number(/(\d+)\/40 tasks/.exec(lines.join('\n'))?.[1] ?? 0);

const folder = mkdtempSync(join(tmpdir(), 'edgesweep-demo-'));
try {
  const first = await record(folder, (lines) => doneOf(lines) >= KILLED_AFTER);
  const killed = [...(first.at(-1)?.lines ?? []), 'Killed'];
  const second = await record(folder, () => false);
  let at = 1;
  const frames: Frame[] = [{ seconds: 0, lines: [PROMPT] }];
  for (const { seconds, lines } of first) frames.push({ seconds: at + SLOWER * seconds, lines: [PROMPT, ...lines] });
  at = (frames.at(-1)?.seconds ?? 0) + 0.5;
  frames.push({ seconds: at, lines: [PROMPT, ...killed] }, { seconds: at + 1.5, lines: [PROMPT, ...killed, PROMPT] });
  for (const { seconds, lines } of second)
    frames.push({ seconds: at + 2.5 + SLOWER * seconds, lines: [PROMPT, ...killed, PROMPT, ...lines] });
  writeFileSync(options.write, animation('a sweep that is killed, and rerun to resume', frames, LAST));
} finally {
  rmSync(folder, { recursive: true });
}
