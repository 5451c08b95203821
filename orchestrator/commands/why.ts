import { EdgesweepError, EXIT, type Task } from '../../shared/mod.ts';
import { findTasks, type Trace, traceTask } from '../cluster/mod.ts';
import { listSweepDirectories } from '../directory/mod.ts';
import { jsonOption, listOption, splitList } from '../options/common.ts';
import { SERVER_PATHS, type ServerFlags, serverOptions, withServerOptions } from '../options/server.ts';
import { describeRecord, describeTask, describeTrace, findInDirectories, type TaskRecord } from '../why/mod.ts';
import { at, type Command, type Context } from './command.ts';
import { withCluster } from './with-cluster.ts';

type WhyOptions = ServerFlags & { task: string; in: string[] | undefined; json: boolean };

/** Letters of an id that are enough, if only one task begins so. */
const SHORTEST = 6;

export const command: Command<WhyOptions> = {
  examples: [
    ['why 3fa2b1c4', 'a task of any sweep in results/'],
    ['why 3fa2b1c4 --in results/table-4.1', 'look in one directory only'],
  ],
  options: (yargs) =>
    withServerOptions(yargs)
      .positional('task', { type: 'string', demandOption: true, describe: 'task id, or a prefix of it' })
      .option('in', { ...listOption, describe: 'sweep directories to search  [default: all in results]' })
      .option('json', jsonOption()),
  paths: SERVER_PATHS,
  act: why,
};

async function why(options: WhyOptions, context: Context): Promise<number> {
  const id = options.task.toLowerCase();
  if (!/^[0-9a-f]{6,32}$/.test(id)) {
    throw new EdgesweepError('USAGE', 'this is not a task id', {
      where: options.task,
      expected: `${SHORTEST} to 32 of the digits 0-9 and a-f, as in the journal and in messages about a task`,
      fix: 'copy the id from there',
    });
  }
  const directories =
    options.in === undefined
      ? listSweepDirectories(at(context.cwd, 'results'))
      : splitList(options.in).map((path) => at(context.cwd, path));
  const records = await findInDirectories(directories, id);
  const server = serverOptions(options, context);
  const here = records.map(({ task }) => task.id);
  if (server === undefined) {
    requireOne(id, here, directories, false);
    const { task } = records[0];
    context.stdout.write(
      options.json ? jsonText(task, records) : describeTask(task) + records.map(describeRecord).join(''),
    );
    return EXIT.done;
  }
  await withCluster(server, async (cluster) => {
    const whole = requireOne(id, [...here, ...(await findTasks(cluster, id))], directories, true);
    const traces = await traceTask(cluster, whole);
    const task = [
      ...records.map((record) => record.task),
      ...traces.map((trace) => trace.task ?? trace.outcome?.task ?? trace.failure?.task),
    ].find((found) => found !== undefined);
    if (options.json) {
      context.stdout.write(jsonText(task, records, traces));
      return;
    }
    const text = task === undefined ? `task ${whole}\n  its text cannot be read\n` : describeTask(task);
    const onServer = traces.length === 0 ? '  on the server: nothing of it\n' : traces.map(describeTrace).join('');
    context.stdout.write(text + records.map(describeRecord).join('') + onServer);
  });
  return EXIT.done;
}

/** @param task undefined where its text cannot be read @param traces those of the server; absent where none was asked */
function jsonText(task: Task | undefined, records: readonly TaskRecord[], traces?: readonly Trace[]): string {
  // the task stands once
  const withoutTask = <Of extends object>({ task: _, ...rest }: Of & { task?: unknown }) => rest;
  const recorded = records.map(({ directory, outcome, failure, log }) => ({
    directory,
    outcome: outcome && withoutTask(outcome),
    failure,
    log,
  }));
  const server = traces?.map(({ outcome, ...trace }) => ({
    ...withoutTask(trace),
    outcome: outcome && withoutTask(outcome),
  }));
  return `${JSON.stringify({ task, records: recorded, server })}\n`;
}

/** @throws EdgesweepError USAGE unless exactly one task begins so */
function requireOne(id: string, found: readonly string[], directories: readonly string[], server: boolean): string {
  const ids = [...new Set(found)];
  if (ids.length === 1) return ids[0];
  const looked = [...directories, ...(server ? ['the server'] : [])];
  if (ids.length > 1) {
    throw new EdgesweepError('USAGE', `${ids.length} tasks begin with ${id}`, {
      where: id,
      expected: 'the beginning of one',
      got: ids.slice(0, 10).join('\n            '),
      fix: 'give more of its letters',
    });
  }
  throw new EdgesweepError('USAGE', 'no such task', {
    where: id,
    expected: looked.length === 0 ? 'a sweep directory to look in' : `a task of ${looked.join(', ')}`,
    fix: 'name other directories with --in, or a server with --nats',
  });
}
