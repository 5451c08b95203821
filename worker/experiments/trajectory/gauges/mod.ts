import type { StartGauges } from '../point.ts';
import { batches } from './batches.ts';
import { sharpness } from './sharpness.ts';

/** How each gauge measures, by its name in `shared/gauges/`. */
export const START: StartGauges = { sharpness, batches };
