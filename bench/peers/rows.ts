import { type Shape, shape } from '../speed/shapes.ts';

/** What a row is meant to come to, on a machine with AVX-512: times as fast as the loop that people write and as the fastest peer. */
export type Row = Shape & { eager?: number; best?: number; share?: number };

const wide = { best: 1, share: 0.6 };

export const ROWS: readonly Row[] = [
  { ...shape({ activation: 'linear' }), eager: 150, best: 5 },
  { ...shape({ activation: 'tanh' }), eager: 120, best: 5 },
  { ...shape({ activation: 'relu' }), eager: 150, best: 5 },
  { ...shape({ activation: 'sigmoid' }), eager: 120, best: 5 },
  { ...shape({ activation: 'linear', batchSize: 1 }), eager: 4000, best: 10 },
  { ...shape({ activation: 'tanh', batchSize: 1 }), eager: 4000, best: 10 },
  { ...shape({ activation: 'tanh', width: 100 }), ...wide },
  { ...shape({ activation: 'tanh', examples: 5000 }), ...wide },
  { ...shape({ activation: 'tanh', inputs: 3072 }), ...wide },
];
