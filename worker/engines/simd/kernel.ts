import { readFileSync } from 'node:fs';
import { EdgesweepError } from '../../../shared/mod.ts';
import type { Problem } from '../engine.ts';

const PAGE = 65536;
const LARGEST_MEMORY = 2 ** 32 - PAGE;

/** What `assembly/index.ts` exports. Addresses are bytes, and come as signed integers: see `address`. */
export type Kernel = {
  memory: WebAssembly.Memory;
  layout(
    depth: number,
    inputs: number,
    width: number,
    outputs: number,
    examples: number,
    block: number,
    window: number,
    chunk: number,
    iterations: number,
    keepPreactivations: boolean,
    keepVelocities: boolean,
  ): number;
  layoutReduction(start: number, rows: number, inputs: number, columns: number): number;
  project(rows: number, inputs: number, columns: number): void;
  fullWeights: WebAssembly.Global<'i32'>;
  projected: WebAssembly.Global<'i32'>;
  q: WebAssembly.Global<'i32'>;
  weights(layer: number): number;
  x: WebAssembly.Global<'i32'>;
  y: WebAssembly.Global<'i32'>;
  order: WebAssembly.Global<'i32'>;
  losses: WebAssembly.Global<'i32'>;
  layoutObjective(
    activation: number,
    depth: number,
    inputs: number,
    width: number,
    outputs: number,
    examples: number,
    block: number,
    chunk: number,
    slots: number,
  ): number;
  inputs: WebAssembly.Global<'i32'>;
  targets: WebAssembly.Global<'i32'>;
  parameters: WebAssembly.Global<'i32'>;
  directions: WebAssembly.Global<'i32'>;
  evaluate(withGradient: boolean): number;
  setRange(slot: number, lowest: number, highest: number): void;
  multiply(slots: number): void;
  collect(slot: number, layer: number, count: number): void;
  setStepSizes(a: number, b: number, c: number, d: number): void;
  setLoss(crossEntropy: boolean): void;
  setOptimizer(kind: number, momentum: number): void;
  rest(): void;
  forget(): void;
  train(activation: number, start: number, count: number, batch: number, shuffled: boolean, limit: number): number;
};

/** WebAssembly hands out addresses above 2 GiB as negative integers. */
export function address(value: number): number {
  return value >>> 0;
}

/** Compiled once in a thread: its instances share the machine code, and so what V8 has optimised by then. */
let compiled: WebAssembly.Module | undefined;

/** An instance with a memory of its own, which is released when nothing refers to the instance any more. */
export function instantiate(): Kernel {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernel.wasm', import.meta.url)));
  const abort = (): never => {
    throw new Error('the simd kernel aborted');
  };
  return new WebAssembly.Instance(compiled, { env: { abort } }).exports as Kernel;
}

/** @throws EdgesweepError NETWORK_TOO_LARGE */
export function grow(
  memory: WebAssembly.Memory,
  bytes: number,
  { network, examples }: Pick<Problem, 'network' | 'examples'>,
): void {
  const missing = Math.ceil(bytes / PAGE) - memory.buffer.byteLength / PAGE;
  try {
    if (bytes > LARGEST_MEMORY) throw new RangeError('beyond the 4 GiB of WebAssembly memory');
    if (missing > 0) memory.grow(missing);
  } catch (cause) {
    throw new EdgesweepError(
      'NETWORK_TOO_LARGE',
      'the network and its data do not fit in the memory of the simd engine',
      {
        expected: `at most ${LARGEST_MEMORY} bytes`,
        got: `${bytes} bytes for depth ${network.depth}, width ${network.width}, ${examples.count} examples of ${examples.inputs} inputs`,
        fix: 'use a smaller network, fewer examples, or the reference engine (--engine reference)',
        cause,
      },
    );
  }
}
