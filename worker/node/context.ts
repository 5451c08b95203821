import type { JetStreamClient } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { EngineChoice, NodeKey, Task } from '../../shared/mod.ts';
import type { Cluster, Heartbeat, ProgramNeed, UnderWay } from '../../shared/protocol/mod.ts';
import type { Pool, PoolOptions } from '../pool.ts';
import type { ProgramPool, ProgramPoolOptions } from '../programs/mod.ts';
import type { NodeData } from './data.ts';
import type { Pace } from './pace.ts';
import type { AllowedProgram, NodePrograms } from './programs.ts';
import type { Versions } from './versions.ts';

export type NodeOptions = {
  /** unique on the cluster */
  name: string;
  /** results are signed with it; undefined: they are not signed */
  key?: NodeKey | undefined;
  threads: number;
  engine: EngineChoice;
  /** data directories; what the object store has goes into the first one */
  data?: readonly string[] | undefined;
  /** where long tasks leave checkpoints on this machine, and how often; other nodes may use the same folder */
  checkpoints?: PoolOptions['checkpoints'];
  /** see `PoolOptions` */
  thread?: URL | undefined;
  /** programs of users that it may start, and in how many slots; absent: none */
  programs?:
    | (Omit<ProgramPoolOptions, 'logs' | 'folders'> & {
        allowed: readonly AllowedProgram[];
        directory: string;
        folder: string;
      })
    | undefined;
  /** names of the only sweeps to work for; undefined: all */
  sweeps?: readonly string[] | undefined;
  /** seconds without a task after which the node ends; undefined: never */
  maxIdle?: number | undefined;
  /** seconds after which the node drains and ends, for batch systems; undefined: never */
  maxTime?: number | undefined;
  /** seconds that tasks under way are given when the node drains */
  drainTimeout: number;
};

/** What happened on a node so far. `busy` counts tasks that have a thread. */
export type Counts = { busy: number; done: number; failed: number };

/** Long tasks under way, by id. */
export type UnderWayTasks = Map<Task['id'], UnderWay>;

/** What the parts of a node share. */
export type NodeContext = {
  options: NodeOptions;
  cluster: Cluster;
  js: JetStreamClient;
  pool: Pool;
  /** slots of users' programs; undefined where none is allowed */
  programPool: ProgramPool | undefined;
  programs: NodePrograms;
  /** the programs that sweeps need, by the sweep's key, as the list of sweeps had them last */
  programNeeds: Map<string, ProgramNeed>;
  counts: Counts;
  underWay: UnderWayTasks;
  pace: Pace;
  data: NodeData;
  versions: Versions;
  /** how often tasks were given back for what is wrong with this machine */
  givenBack: Map<Task['id'], number>;
  /** attempts of tasks that failed, on all nodes */
  attempts: KV;
  /** other nodes that were heard lately; undefined until they have had the time to be heard */
  others(): Heartbeat[] | undefined;
  note(text: string): void;
};

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
