import type { CommandModule } from 'yargs';
import { EdgesweepError } from '../../shared/mod.ts';
import { forgetFailures, listSweeps, sweepsWithFailures } from '../cluster/mod.ts';
import { requireServer } from './server-options.ts';
import { type ClusterSweepOptions, findGivenSweep, withCluster, withClusterSweep } from './with-cluster.ts';

type RetryOptions = ClusterSweepOptions & { failed: boolean };

export const retryModule: CommandModule<object, RetryOptions> = {
  command: 'retry <sweep>',
  describe: 'forget why tasks were set aside, so that the next `run` with --nats tries them again',
  builder: (yargs) =>
    withClusterSweep(yargs).option('failed', {
      type: 'boolean',
      default: false,
      describe: 'the tasks that were set aside',
    }),
  handler: retry,
};

async function retry(options: RetryOptions): Promise<void> {
  if (!options.failed) {
    throw new EdgesweepError('USAGE', 'retry what?', {
      expected: '--failed',
      fix: `edgesweep retry ${options.sweep} --failed; tasks that were lost are sent again without being asked for`,
    });
  }
  await withCluster(requireServer(options), async (cluster) => {
    const listed = await listSweeps(cluster);
    const keys = new Set(listed.map(({ key }) => key));
    const unlisted = (await sweepsWithFailures(cluster)).filter(({ key }) => !keys.has(key));
    const { key } = findGivenSweep(options, [...listed, ...unlisted]);
    const { failed, disagreed } = await forgetFailures(cluster, key);
    if (failed === 0) {
      process.stdout.write(`${key}: no task is set aside\n`);
      return;
    }
    const tasks = failed === 1 ? 'one task' : `${failed} tasks`;
    process.stdout.write(`${key}: ${tasks} will be tried again by the next \`edgesweep run\` with --nats\n`);
    if (keys.has(key))
      process.stdout.write(
        '  a run that is attached now counts them as settled: let it end, then give its command again\n',
      );
    if (disagreed > 0)
      process.stdout.write(`  nodes had disagreed on ${disagreed} of them: the recorded results are removed as well\n`);
  });
}
