import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Shape } from '../speed/shapes.ts';

const SCRIPT = fileURLToPath(new URL('../../peers/peer.py', import.meta.url));

/** The virtual environment that `make peers` makes for each library. */
const LIBRARIES = { pytorch: 'pytorch', jax: 'jax', numpy: 'jax' } as const;

export type Library = keyof typeof LIBRARIES;

type Greeting = {
  version: string;
  blas: { name: string; version?: string; kernel?: string; threads: number }[];
  /** variables of this machine that slow the library down and were taken out of its environment */
  removed: string[];
  /** its ways of training */
  peers: string[];
};

/** A library on one thread that waits without work for requests; see `peers/serving.py`. */
export type Peer = Greeting & {
  library: Library;
  ask<Answer>(request: object): Promise<Answer>;
  close(): void;
};

/** How long a peer looks for its fastest group: seconds of a sample, and after which no further candidate is begun. */
export type Tuning = { sample: number; whole: number };

/** One way of training; `way` is null where it has none for a shape. */
export type TrainAnswer = { way: string; rungs: number; secondsPerStep: number } | { way: null };

/** Those that are installed. What is missing is said on standard error. */
export async function startPeers(): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const library of Object.keys(LIBRARIES) as Library[]) {
    const python = fileURLToPath(new URL(`../../.build/peers/${LIBRARIES[library]}/bin/python3`, import.meta.url));
    if (existsSync(python)) peers.push(await start(library, python));
    else process.stderr.write(`No ${library} to compare with: run \`make peers\`\n`);
  }
  return peers;
}

async function start(library: Library, python: string): Promise<Peer> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(python, [SCRIPT, library], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    if (line.done) throw new Error(`${library} ended before it answered`);
    return JSON.parse(line.value);
  };
  const greeting: Greeting = await next();
  return {
    library,
    ...greeting,
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await next();
      if (answer.error !== undefined) throw new Error(`${library}: ${answer.error}`);
      return answer;
    },
    close: () => child.stdin.end(),
  };
}

/** @param most rungs in a group */
export function trainRequest(peer: string, { cell, steps }: Shape, tuning: Tuning, seconds: number, most = 4096) {
  const { activation, depth, width, dataset } = cell;
  const { examples, dimensions: inputs, outputs } = dataset;
  const batchSize = cell.batchSize === 'full' ? examples : cell.batchSize;
  const sizes = { depth, width, inputs, outputs, examples, batchSize };
  return { kind: 'train', peer, activation, ...sizes, steps, tuning, seconds, most };
}
