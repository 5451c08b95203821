export { davidson, KEPT } from './davidson.ts';
export { type EigenvalueGradient, eigenvalueGradient } from './gradient.ts';
export { type LanczosOptions, lanczos } from './lanczos.ts';
export { type PowerOptions, power } from './power.ts';
export { type Quadrature, quadrature } from './quadrature.ts';
export {
  type Asking,
  type EigenPair,
  type MatrixProblem,
  type Multiply,
  type Ritz,
  type Solution,
  type Solving,
  solve,
} from './solver.ts';
export { symmetricEigen } from './symmetric.ts';
export { allFinite, dot, norm, normalVector, signVector, withShare } from './vectors.ts';
