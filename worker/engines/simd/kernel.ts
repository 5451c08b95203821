import type { Problem } from '../problem.ts';

/** What `assembly/index.ts` exports, whatever it was compiled to. Addresses are what `at` takes. */
export type Exports = {
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
    across: boolean,
  ): number;
  layoutReduction(start: number, rows: number, inputs: number, columns: number): number;
  project(rows: number, inputs: number, columns: number): void;
  weights(layer: number): number;
  columns(layer: number): number;
  layoutObjective(
    activation: number,
    crossEntropy: boolean,
    depth: number,
    inputs: number,
    width: number,
    outputs: number,
    examples: number,
    block: number,
    chunk: number,
    slots: number,
  ): number;
  evaluate(withGradient: boolean): number;
  setRange(slot: number, lowest: number, highest: number, gaussNewton: boolean): void;
  multiply(slots: number): void;
  collect(slot: number, layer: number, count: number): void;
  layoutGraph(bytes: number): number;
  execute(program: number, instructions: number, quad: number): void;
  setLoss(crossEntropy: boolean): void;
  setOptimizer(kind: number, momentum: number): void;
  setSearch(search: boolean): void;
  drawLayer(layer: number, scale: number, drawsBiases: boolean): void;
  drawUniform(target: number, step: number, count: number, part: number, scale: number): void;
  shuffle(pass: number): void;
  rest(): void;
  forget(): void;
  train(activation: number, start: number, count: number, batch: number, shuffled: boolean, limit: number): number;
};

/** Its variables that hold addresses. */
export type Variable =
  | 'fullWeights'
  | 'projected'
  | 'q'
  | 'x'
  | 'y'
  | 'trainings'
  | 'stepSizes'
  | 'streams'
  | 'inputs'
  | 'targets'
  | 'predictions'
  | 'parameters'
  | 'directions'
  | 'arena';

/** A kernel with a memory of its own, which is released when nothing refers to the kernel any more. */
export type Kernel = Exports & {
  /** trials side by side */
  readonly lanes: number;
  /** the memory, until `reserve` replaces it */
  readonly memory: ArrayBuffer;
  /** bytes from the memory's begin to an address */
  at(place: Variable | number): number;
  /**
   * Lays out what `layOut` says, in as much memory as that takes.
   *
   * @param layOut returns the address of its end
   * @throws EdgesweepError NETWORK_TOO_LARGE
   */
  reserve(layOut: () => number, problem: Shape): void;
};

/** What a message names when it is too large. */
export type Shape = Pick<Problem, 'network' | 'examples'>;
