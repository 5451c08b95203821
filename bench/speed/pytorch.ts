import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Shape } from './shapes.ts';

const SCRIPT = fileURLToPath(new URL('../../peers/pytorch.py', import.meta.url));

/** Debian's own Python has its packages even where another one comes first. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** What PyTorch has to know of a shape. */
export type Timed = { cell: Pick<Shape['cell'], 'activation' | 'depth' | 'width' | 'dataset' | 'batchSize'> };

/** A PyTorch on one thread, that waits without work until it is asked. */
export type PyTorch = {
  version: string;
  /** seconds of a step, measured over `steps` of them */
  secondsPerStep(shape: Timed, steps: number): Promise<number>;
  /** The answer to any other request, see `peers/timing.py`. */
  ask<Answer>(request: object): Promise<Answer>;
  /** How far PyTorch's losses are from those of dumped trials, see `peers/pytorch.py`. */
  replay(folders: readonly string[]): Replay[];
  close(): void;
};

export type Replay = {
  dump: string;
  iterationsCompared: number;
  /** null where it is infinite */
  largestRelativeDifference: number | null;
  agrees: boolean;
};

/** Undefined, and said why on standard error, where there is no PyTorch. */
export async function startPyTorch(): Promise<PyTorch | undefined> {
  let reason = 'there is no python3';
  for (const python of PYTHONS) {
    const child = spawn(python, [SCRIPT, 'time'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const failure = failureOf(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const greeting = await Promise.race([lines.next(), failure.then(() => undefined)]);
    if (greeting === undefined || greeting.done) {
      reason = (await failure) || reason;
      continue;
    }
    child.stderr.pipe(process.stderr);
    const { torch } = JSON.parse(greeting.value) as { torch: string };
    const ask = async <Answer>(request: object): Promise<Answer> => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await lines.next();
      if (answer.done) throw new Error('PyTorch ended before it answered');
      return JSON.parse(answer.value) as Answer;
    };
    return {
      version: torch,
      async secondsPerStep(shape, steps) {
        return (await ask<{ secondsPerStep: number }>(requestOf(shape, steps))).secondsPerStep;
      },
      ask,
      replay(folders) {
        const { stdout } = spawnSync(python, [SCRIPT, 'replay', '--json', ...folders], { encoding: 'utf8' });
        return (JSON.parse(stdout) as { trials: Replay[] }).trials;
      },
      close: () => child.stdin.end(),
    };
  }
  process.stderr.write(`No PyTorch to compare with: ${reason.trim()}\n`);
  return undefined;
}

/** What a process that ended had to say. */
function failureOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += String(chunk);
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(text));
    child.on('close', () => resolve(text));
  });
}

function requestOf({ cell }: Timed, steps: number) {
  const { activation, depth, width, dataset, batchSize } = cell;
  const { examples, dimensions: inputs, outputs } = dataset;
  return {
    activation,
    depth,
    width,
    inputs,
    outputs,
    examples,
    batchSize: batchSize === 'full' ? examples : batchSize,
    steps,
  };
}
