/** Of a solver's parameters, whichever it is: those of one kind would not do where a flag names the other. */
export const SOLVER_DEFAULTS = { tolerance: 1e-3, maxProducts: 100, top: 1, bothEnds: false } as const;

/** What holds where neither the file nor the environment nor a flag says otherwise. */
export const DEFAULTS = {
  seed: 0,
  runs: 10,
  grid: {
    depth: 3,
    width: 10,
    dataset: { kind: 'synthetic', examples: 100, dimensions: 10 },
    batchSize: 'full',
    initialization: 'pytorch-default',
    initialScale: 1,
    model: 'mlp',
    loss: 'mse',
    optimizer: { kind: 'sgd' },
    parametrization: 'standard',
  },
  data: { draw: 'per-run' },
  trajectory: {
    iterations: 5000,
    every: 10,
    layers: true,
    solver: { kind: 'lanczos' },
  },
  search: { initialStepSize: 0.1, growth: 1.01, steps: 100, ceiling: 1e4 },
  survival: { steps: 100, initializations: 20 },
  bisect: { low: 0.01, high: 100, halvings: 20, scan: 0, steps: 100 },
  phases: { steps: 100 },
  map: { points: 256, steps: 500 },
  engine: 'auto',
  table: { paperRuns: 10 },
} as const;
