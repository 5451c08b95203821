import { counted, EdgesweepError, EXIT } from '../../shared/mod.ts';
import { forgetFailures, listSweeps, sweepsWithFailures } from '../cluster/mod.ts';
import { jsonOption } from '../options/common.ts';
import { requireServer, SERVER_PATHS } from '../options/server.ts';
import type { Command, Context } from './command.ts';
import { type ClusterSweepOptions, findGivenSweep, withCluster, withClusterSweep } from './with-cluster.ts';

type RetryOptions = ClusterSweepOptions & { failed: boolean; json: boolean };

export const command: Command<RetryOptions> = {
  examples: [['retry table-4.1 --failed --nats nats://127.0.0.1:4222', 'let the next run try failed tasks again']],
  options: (yargs) =>
    withClusterSweep(yargs)
      .option('failed', {
        type: 'boolean',
        default: false,
        describe: 'the tasks that were set aside',
      })
      .option('json', jsonOption()),
  paths: SERVER_PATHS,
  act: retry,
};

async function retry(options: RetryOptions, context: Context): Promise<number> {
  if (!options.failed) {
    throw new EdgesweepError('USAGE', 'retry what?', {
      expected: '--failed',
      fix: `edgesweep retry ${options.sweep} --failed; lost tasks are resent automatically`,
    });
  }
  await withCluster(requireServer(options, context), async (cluster) => {
    const listed = await listSweeps(cluster);
    const keys = new Set(listed.map(({ key }) => key));
    const unlisted = (await sweepsWithFailures(cluster)).filter(({ key }) => !keys.has(key));
    const { key } = findGivenSweep(options, context, [...listed, ...unlisted]);
    const { failed, disagreed } = await forgetFailures(cluster, key);
    if (options.json) {
      context.stdout.write(`${JSON.stringify({ sweep: key, retried: failed, disagreed })}\n`);
      return;
    }
    if (failed === 0) {
      context.stdout.write(`${key}: no task is set aside\n`);
      return;
    }
    context.stdout.write(
      `${key}: ${counted(failed, 'task')} will be retried by the next \`edgesweep run\` with --nats\n`,
    );
    if (keys.has(key))
      context.stdout.write('  a run in progress counts them as settled: let it finish, then rerun its command\n');
    if (disagreed > 0)
      context.stdout.write(`  nodes disagreed on ${disagreed} of them: their recorded results are removed as well\n`);
  });
  return EXIT.done;
}
