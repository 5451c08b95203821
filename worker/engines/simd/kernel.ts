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
  setStepSizes(a: number, b: number, c: number, d: number): void;
  forget(): void;
  train(activation: number, start: number, count: number, batch: number, shuffled: boolean, limit: number): number;
};

/** WebAssembly hands out addresses above 2 GiB as negative integers. */
export function address(value: number): number {
  return value >>> 0;
}
