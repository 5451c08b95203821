import type { MakeMachine } from '../graph/executor.ts';
import { QUAD, UNIT } from '../graph/operations.ts';
import type { Trial } from '../problem.ts';
import type { Kernel, Shape } from './kernel.ts';

/** The interpreters of kernels that have nothing else to do. */
export function machineOn(instantiate: () => Kernel, shape: Shape): MakeMachine {
  return (bytes) => {
    const kernel = instantiate();
    kernel.reserve(() => kernel.layoutGraph(bytes), shape);
    const { execute, lanes, memory } = kernel;
    const start = kernel.at('arena');
    const streams = new Uint32Array(memory, kernel.at('streams'), 4 * lanes);
    return {
      floats: new Float32Array(memory, start, bytes / 4),
      words: new Int32Array(memory, start, bytes / 4),
      execute,
      draw(target, trials, { count, part, scale }) {
        for (let first = 0; first < QUAD; first += lanes) {
          nameStreams(streams, trials.slice(first, first + lanes));
          kernel.drawUniform(target + 4 * first, UNIT, count, part, scale);
        }
      },
    };
  };
}

/** Writes which stream each lane has. */
export function nameStreams(streams: Uint32Array, trials: readonly Pick<Trial, 'seed' | 'run' | 'rung'>[]): void {
  trials.forEach(({ seed, run, rung }, lane) => {
    [seed, Math.floor(seed / 2 ** 32), run, rung].forEach((word, k) => {
      streams[k * trials.length + lane] = word;
    });
  });
}
