import { sweepKey } from '../../shared/protocol/mod.ts';
import { expand } from '../../shared/sweep/mod.ts';
import { readServerStates } from '../cluster/mod.ts';
import { requireServer, type ServerFlags } from '../options/server.ts';
import type { SweepRuns } from '../runs/mod.ts';
import type { Surroundings } from './command.ts';
import { withCluster } from './with-cluster.ts';

/** Fills in what a server knows of the runs that the directory has not recorded: results, failures, and what nodes compute now. */
export async function withServerStates(
  { sweep, runs }: SweepRuns,
  flags: ServerFlags,
  surroundings: Surroundings,
): Promise<void> {
  const key = sweepKey(sweep, expand(sweep));
  const states = await withCluster(requireServer(flags, surroundings), (cluster) => readServerStates(cluster, key));
  for (const run of runs) {
    const known = run.state === 'done' ? undefined : states.get(run.task.id);
    if (known !== undefined) Object.assign(run, known);
  }
}
