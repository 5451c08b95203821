import { messageOf, softwareVersion } from '../shared/mod.ts';
import type { ServerOptions } from '../shared/protocol/mod.ts';
import { expand, isAdaptive, type Sweep } from '../shared/sweep/mod.ts';
import { createPool, requireData, requireEngine } from '../worker/mod.ts';
import { growthOf } from './adaptive/mod.ts';
import { threadsFor } from './commands/options.ts';
import { checkpointFolder, noteStops, openSweepDirectory, type SweepDirectory } from './directory/mod.ts';
import { type Dispatcher, localDispatcher } from './dispatch/mod.ts';
import { readTable } from './experiments/mod.ts';
import type { Interrupt } from './interrupt.ts';
import type { Limits } from './limits.ts';
import type { Reporter } from './progress/mod.ts';
import { type Report, writeTables } from './report/mod.ts';
import { computeMissing, type SweepRun } from './sweep-run.ts';

/** Where a sweep is computed and recorded. */
export type Place = {
  /** of the sweep; made where it is missing */
  directory: string;
  /** the command line that does the same, for the manifest; empty where there is none */
  command: string[];
  /** whose worker nodes compute; undefined: threads of this process */
  server: ServerOptions | undefined;
  /** of each stream, on a cluster of servers */
  replicas: number;
  /** at most so many */
  threads: number;
  /** folders in which data sets are looked for */
  data: readonly string[];
  /** seconds between the checkpoints of a long task */
  checkpoint: number;
};

/**
 * Opens the sweep's directory for this process alone while something is done.
 * @param catchInterrupt called once the directory is open
 * @throws EdgesweepError as `openSweepDirectory`; what `act` throws
 */
export async function inSweepDirectory<Done>(
  sweep: Sweep,
  { directory: path, command }: Pick<Place, 'directory' | 'command'>,
  catchInterrupt: () => Interrupt,
  { note }: Reporter,
  act: (directory: SweepDirectory, interrupt: Interrupt) => Promise<Done>,
): Promise<Done> {
  const directory = await openSweepDirectory(path, sweep, {
    ...{ command, note },
    softwareVersion: softwareVersion(),
    growth: growthOf(sweep, expand(sweep)),
  });
  const interrupt = catchInterrupt();
  try {
    return await act(directory, interrupt);
  } finally {
    await directory.close();
    interrupt.release();
  }
}

export const isComplete = ({ progress }: SweepDirectory): boolean => progress.done === progress.total;

/**
 * Computes what an open directory lacks, and writes the tables of what is there then. Failed tasks are part of the result.
 * @throws EdgesweepError for what is missing before anything is computed (engine, data, server); DISK, OUTCOMES_DIFFER
 */
export async function completeSweep(
  sweep: Sweep,
  directory: SweepDirectory,
  place: Place & Limits,
  interrupt: Interrupt,
  reporter: Reporter,
): Promise<SweepRun & { table: Report }> {
  let swept: SweepRun = { failed: 0, failures: [], interrupted: false, limit: undefined, onFailure: '' };
  if (!isComplete(directory)) {
    const dispatcher = await makeDispatcher(sweep, directory, place, reporter);
    try {
      swept = await computeMissing(directory, dispatcher, interrupt, reporter, place);
    } finally {
      await dispatcher.close();
    }
  } else if (place.server !== undefined) await forget(place.server, sweep, directory, reporter);
  if (directory.growth !== undefined) await noteStops(directory.path, directory.growth.counts());
  const table = await readTable(directory.path);
  await writeTables(directory.path, table);
  return { ...swept, table };
}

async function makeDispatcher(
  sweep: Sweep,
  { expansion, path, progress }: SweepDirectory,
  { server, replicas, threads: wanted, data, checkpoint: seconds }: Place,
  { note }: Reporter,
): Promise<Dispatcher> {
  const checkpoints = { folder: checkpointFolder(path), seconds };
  if (server === undefined) {
    requireEngine(sweep.engine, note);
    requireData(expansion.cells, data);
    // runs may be added later
    const tasks = isAdaptive(sweep.runs) ? expansion.tasks : progress.total;
    const threads = threadsFor(tasks - progress.done, wanted, note);
    return localDispatcher(
      createPool({ threads, engine: sweep.engine === 'tfjs' ? 'simd' : sweep.engine, data, checkpoints }),
    );
  }
  // loaded only here: a local run needs nothing of NATS
  const { connectCluster } = await import('../shared/protocol/mod.ts');
  const { natsDispatcher } = await import('./dispatch/nats/mod.ts');
  const cluster = await connectCluster(server, 'orchestrator', `orchestrator of ${sweep.name}`);
  const makePool = () => createPool({ threads: wanted, engine: 'auto', data, checkpoints });
  return natsDispatcher(cluster, { sweep, expansion, replicas, makePool, note });
}

/** A run that was killed in its last moment has left its sweep on the server's list. Nothing depends on it. */
async function forget(
  server: ServerOptions,
  sweep: Sweep,
  { expansion }: SweepDirectory,
  { note }: Reporter,
): Promise<void> {
  const { connectCluster, disconnect } = await import('../shared/protocol/mod.ts');
  const { forgetSweep } = await import('./dispatch/nats/detach.ts');
  try {
    const cluster = await connectCluster(server, 'orchestrator', `orchestrator of ${sweep.name}`);
    await forgetSweep(cluster, sweep, expansion).finally(() => disconnect(cluster));
  } catch (error) {
    note(`everything is recorded here; the server was not contacted: ${messageOf(error)}`);
  }
}
