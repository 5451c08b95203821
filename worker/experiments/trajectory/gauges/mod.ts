import type { StartGauges } from '../point.ts';
import { batches } from './batches.ts';
import { density } from './density.ts';
import { centralFlow, flow } from './flow.ts';
import { gaussNewton } from './gauss-newton.ts';
import { preconditioned } from './preconditioned.ts';
import { sharpening } from './sharpening.ts';
import { sharpness } from './sharpness.ts';
import { test } from './test.ts';

/** How each gauge measures, by its name in `shared/gauges/`. */
export const START: StartGauges = {
  sharpness,
  preconditioned,
  gaussNewton,
  batches,
  sharpening,
  flow,
  centralFlow,
  density,
  test,
};
