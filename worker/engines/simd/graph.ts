import type { MakeMachine } from '../graph/executor.ts';
import type { Kernel, Shape } from './kernel.ts';

/** The interpreter of a kernel of its own. */
export function machineOn(kernel: Kernel, shape: Shape): MakeMachine {
  return (bytes) => {
    kernel.reserve(() => kernel.layoutGraph(bytes), shape);
    const start = kernel.at('arena');
    const { execute } = kernel;
    return {
      floats: new Float32Array(kernel.memory, start, bytes / 4),
      words: new Int32Array(kernel.memory, start, bytes / 4),
      execute,
    };
  };
}
