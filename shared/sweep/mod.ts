export { comparableSweep } from './comparable.ts';
export { type Expansion, type ExpansionOf, expand } from './expand.ts';
export type { Figure, Scale } from './experiments/maximal-step-size/figure.ts';
export { STATISTICS, type Statistic } from './experiments/maximal-step-size/schema.ts';
export {
  dataDirectoryOf,
  filesOf,
  type MapSweep,
  type ProgramSweep,
  type SearchSweep,
  type Sweep,
  type SweepNamed,
  type TrajectorySweep,
} from './experiments/mod.ts';
export { horizonsOf } from './experiments/survival/mod.ts';
export { BLOCKS, type TrajectoryFigureSpec } from './experiments/trajectory/figure.ts';
export { formatSweep } from './format.ts';
export { loadSweep, loadSweepOf, type Overrides } from './load.ts';
export { cellNumbers, type Members, membersOf } from './members.ts';
export { type AdaptiveRuns, isAdaptive, type Stop } from './runs.ts';
export { sweepJsonSchema } from './schema.ts';
export { mapping } from './shapes.ts';
export {
  directoryNameOf,
  isInShard,
  parseShard,
  placeInShard,
  runsInShard,
  type Shard,
  withShardTitle,
} from './shard.ts';
export { listShippedSweeps } from './shipped.ts';
export { parseStrictYaml } from './strict-yaml.ts';
export { tableKey } from './table.ts';
