export { type LanczosOptions, lanczos } from './lanczos.ts';
export { type PowerOptions, power } from './power.ts';
export { type EigenPair, type EigenProblem, type Multiply, type Solution, type Solving, solve } from './solver.ts';
export { normalVector } from './vectors.ts';
