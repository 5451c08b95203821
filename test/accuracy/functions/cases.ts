import { ACTIVATION_FUNCTIONS } from '../../../worker/engines/reference/activations.ts';
import * as float32 from '../../../worker/engines/reference/functions.ts';
import * as float64 from './oracle.ts';

export type Case = {
  name: string;
  /** the float32 function under test */
  compute(x: number): number;
  /** the same in float64 */
  exact(x: number): number;
  /** errors are counted in units in the last place of this; the exact result unless given */
  scale?(x: number): number;
  /** the largest error allowed, in those units, as the docstrings state it */
  bound: number;
  /** least argument at which it holds, unless all of them, and why */
  least?: { argument: number; because: string };
};

const { gelu, silu } = ACTIVATION_FUNCTIONS;
const SIGMOID_UNDERFLOWS = { argument: -87.3, because: 'below, sigmoid(x) is subnormal; the error stays under 1e-36' };
const PHI_UNDERFLOWS = { argument: -12.9, because: 'below, Phi(x) is subnormal; the error stays under 1e-37' };

export const CASES: readonly Case[] = [
  {
    name: 'expNegative(x) = e^-x',
    compute: float32.expNegative,
    exact: (x) => Math.exp(-x),
    bound: 1.1,
    least: { argument: -88.37, because: 'below, infinity' },
  },
  {
    name: 'expm1Negative(x) = e^-x - 1',
    compute: float32.expm1Negative,
    exact: (x) => Math.expm1(-x),
    bound: 1.8,
    least: { argument: -88.37, because: 'below, infinity or NaN; only x >= 0 is used' },
  },
  { name: 'tanh', compute: float32.tanh, exact: Math.tanh, bound: 2.7 },
  { name: 'sigmoid', compute: float32.sigmoid, exact: float64.sigmoid, bound: 2.6 },
  { name: 'softplus', compute: float32.softplus, exact: float64.softplus, bound: 3.8 },
  {
    name: 'log',
    compute: float32.log,
    exact: Math.log,
    bound: 1,
    least: { argument: 2 ** -126, because: 'only x >= 1 is used' },
  },
  { name: 'gauss', compute: float32.gauss, exact: float64.gauss, bound: 1.1 },
  { name: 'normalCdf', compute: float32.normalCdf, exact: float64.normalCdf, bound: 5 },
  { name: 'gelu', compute: gelu.value, exact: float64.gelu, bound: 5.2, least: PHI_UNDERFLOWS },
  {
    name: 'gelu slope',
    compute: (x) => gelu.backward(1, 0, x),
    exact: float64.geluSlope,
    scale: float64.geluSlopeScale,
    bound: 4.8,
    least: PHI_UNDERFLOWS,
  },
  { name: 'silu', compute: silu.value, exact: float64.silu, bound: 3.2, least: SIGMOID_UNDERFLOWS },
  {
    name: 'silu slope',
    compute: (x) => silu.backward(1, 0, x),
    exact: float64.siluSlope,
    scale: float64.siluSlopeScale,
    bound: 17,
    least: SIGMOID_UNDERFLOWS,
  },
];
