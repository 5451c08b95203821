import type { Argv } from 'yargs';
import { EdgesweepError } from '../../shared/mod.ts';
import { type Cluster, connectCluster, type ServerOptions, sweepKey } from '../../shared/protocol/mod.ts';
import { expand } from '../../shared/sweep/mod.ts';
import { findSweep, type Known, serverError } from '../cluster/mod.ts';
import { type ServerFlags, withServerOptions } from '../options/server.ts';
import { loadWithOptions, type SweepOptions, withSweepOptions } from '../options/sweep.ts';
import type { Surroundings } from './command.ts';

export type ClusterSweepOptions = SweepOptions & ServerFlags;

/** A sweep on the server: as a file with the flags that it was run with, or by key or name. */
export function withClusterSweep(yargs: Argv): Argv {
  return withServerOptions(withSweepOptions(yargs)).positional('sweep', {
    type: 'string',
    demandOption: true,
    describe: 'sweep file or built-in sweep, with the flags of its run; or its key or name on the server',
  });
}

/** @throws EdgesweepError USAGE when the server knows no such sweep, SWEEP_INVALID */
export function findGivenSweep<T extends Known>(
  options: SweepOptions,
  surroundings: Surroundings,
  known: readonly T[],
): T {
  return findSweep({ text: options.sweep, fileKey: keyOfFile(options, surroundings) }, known);
}

/** @returns undefined when there is no such file: it may be the name of a sweep on the server */
function keyOfFile(options: SweepOptions, surroundings: Surroundings): string | undefined {
  try {
    const sweep = loadWithOptions(options, surroundings);
    return sweepKey(sweep, expand(sweep));
  } catch (error) {
    if (error instanceof EdgesweepError && error.code === 'SWEEP_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Connects as an orchestrator, does something, and hangs up. */
export async function withCluster<T>(server: ServerOptions, act: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await connectCluster(server, 'orchestrator', 'edgesweep');
  try {
    return await act(cluster);
  } catch (error) {
    const told = serverError(error);
    if (!(told instanceof EdgesweepError) || told.details.where !== undefined) throw told;
    throw new EdgesweepError(told.code, told.message, {
      ...told.details,
      where: server.servers.join(', '),
    });
  } finally {
    await cluster.nc.close();
  }
}
