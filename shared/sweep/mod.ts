export { type Expansion, expand } from './expand.ts';
export { formatSweep } from './format.ts';
export { cellValue, DATASET_KEYS, describeCell, type GridValue } from './keys.ts';
export { loadSweep, type Overrides } from './load.ts';
export { nearest } from './nearest.ts';
export { STATISTICS, type Statistic, type Sweep, sweepJsonSchema } from './schema.ts';
export { listShippedSweeps } from './shipped.ts';
export { tableKey } from './table.ts';
export { cellKey, taskId } from './task-id.ts';
