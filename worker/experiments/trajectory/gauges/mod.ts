import type { StartGauges } from '../point.ts';
import { preconditioned } from './preconditioned.ts';
import { sharpness } from './sharpness.ts';

/** How each gauge measures, by its name in `shared/gauges/`. */
export const START: StartGauges = { sharpness, preconditioned };
