import type { StartGauges } from '../point.ts';
import { gaussNewton } from './gauss-newton.ts';
import { sharpness } from './sharpness.ts';
import { test } from './test.ts';

/** How each gauge measures, by its name in `shared/gauges/`. */
export const START: StartGauges = { sharpness, gaussNewton, test };
