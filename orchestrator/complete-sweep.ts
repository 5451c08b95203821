import { counted, EdgesweepError, messageOf, softwareVersion } from '../shared/mod.ts';
import type { ServerOptions } from '../shared/protocol/mod.ts';
import { expand, isAdaptive, type Sweep } from '../shared/sweep/mod.ts';
import { createPool, requireData } from '../worker/mod.ts';
import { growthOf } from './adaptive/mod.ts';
import { type Audit, openAudit } from './audit.ts';
import { checkpointFolder, noteStops, openSweepDirectory, readOutcomes, type SweepDirectory } from './directory/mod.ts';
import { type Dispatcher, localDispatcher } from './dispatch/mod.ts';
import { tableOf } from './experiments/mod.ts';
import type { Interrupt } from './interrupt.ts';
import type { Limits } from './limits.ts';
import { createLocalPool, type ProgramOptions } from './local-pool.ts';
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
  /** of programs that tasks are computed by. Default: as for threads, with the environment of this process */
  programs?: ProgramOptions | undefined;
  /** share of the tasks to compute a second time, from 0 to 1; default: 0 */
  audit?: number;
  /** the only keys of nodes whose results are taken; undefined: those of any node */
  trusted?: ReadonlySet<string> | undefined;
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
  if (path === '') {
    const fix = 'name a directory, or omit --out';
    throw new EdgesweepError('USAGE', 'the sweep directory has no name', { where: '--out', got: 'nothing', fix });
  }
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
  const audit = await openAudit(directory.path, place.audit ?? 0);
  await takeBack(directory, audit, reporter);
  if (audit.isOn && isComplete(directory)) {
    reporter.note(
      'all tasks are recorded, so none is audited; `edgesweep verify DIR --sample 2%` recomputes a share of them',
    );
  }
  let swept: SweepRun = { failed: 0, failures: [], interrupted: false, limit: undefined, onFailure: '' };
  if (!isComplete(directory)) {
    const dispatcher = await makeDispatcher(sweep, directory, place, audit, reporter);
    try {
      swept = await computeMissing(directory, dispatcher, interrupt, reporter, place);
      const summary = audit.summary();
      if (summary !== undefined) reporter.note(summary);
    } finally {
      await dispatcher.close();
    }
  } else if (place.server !== undefined) await forget(place.server, sweep, directory, reporter);
  if (directory.growth !== undefined) await noteStops(directory.path, directory.growth.counts());
  const { path, expansion } = directory;
  const table = await tableOf(sweep, readOutcomes(path, expansion.cells), {}, expansion);
  await writeTables(directory.path, table);
  return { ...swept, table };
}

/** A run that was killed when it had set a node aside has no time to take its results back. */
async function takeBack(directory: SweepDirectory, { setAside }: Audit, { note }: Reporter): Promise<void> {
  if (setAside.length === 0) return;
  const nodes = new Map(setAside.map(({ key, node, task }) => [key, `node ${node} was set aside after task ${task}`]));
  const taken = await directory.retract(({ provenance }) => nodes.get(provenance.signed?.key ?? ''));
  if (taken.length > 0)
    note(`${counted(taken.length, 'recorded result')} of nodes that were set aside will be computed again`);
}

async function makeDispatcher(
  sweep: Sweep,
  { expansion, path, progress }: SweepDirectory,
  { server, replicas, threads: wanted, data, checkpoint: seconds, programs, trusted }: Place,
  audit: Audit,
  { note }: Reporter,
): Promise<Dispatcher> {
  const checkpoints = { folder: checkpointFolder(path), seconds };
  if (server === undefined) {
    // runs may be added later
    const tasks = (isAdaptive(sweep.runs) ? expansion.tasks : progress.total) - progress.done;
    return localDispatcher(
      createLocalPool({
        sweep,
        cells: expansion.cells,
        directory: path,
        tasks,
        threads: wanted,
        data,
        checkpoints,
        programs,
        audit,
        note,
      }),
    );
  }
  if (audit.isOn) requireData(expansion.cells, data);
  // loaded only here: a local run needs nothing of NATS
  const { connectCluster } = await import('../shared/protocol/mod.ts');
  const { natsDispatcher } = await import('./dispatch/nats/mod.ts');
  const cluster = await connectCluster(server, 'orchestrator', `orchestrator of ${sweep.name}`);
  const makePool = () => createPool({ threads: wanted, engine: 'auto', data, checkpoints });
  return natsDispatcher(cluster, { sweep, expansion, replicas, makePool, audit, trusted, note });
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
