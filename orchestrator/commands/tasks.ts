import { EdgesweepError, EXIT } from '../../shared/mod.ts';
import { jsonOption, listOption, splitList } from '../options/common.ts';
import { type FormatFlags, formatOption, formatsOf } from '../options/formats.ts';
import { SERVER_PATHS, type ServerFlags, withServerOptions } from '../options/server.ts';
import { render, styleFor } from '../report/mod.ts';
import { columnsOf, filterRuns, readRuns, STATE_COLUMNS, sortRuns, tasksReport } from '../runs/mod.ts';
import type { Command, Context } from './command.ts';

type TasksOptions = FormatFlags &
  ServerFlags & {
    directory: string;
    state: string | undefined;
    filter: string[] | undefined;
    sort: string[] | undefined;
    limit: number | undefined;
  };

export const command: Command<TasksOptions> = {
  options: (yargs) =>
    withServerOptions(yargs)
      .positional('directory', { type: 'string', demandOption: true, describe: 'a sweep directory' })
      .option('state', { choices: ['done', 'running', 'pending', 'failed'], describe: 'only tasks in this state' })
      .option('filter', {
        ...listOption,
        describe: 'only tasks such as --filter activation=tanh, --filter "seconds>1"',
      })
      .option('sort', { ...listOption, describe: 'columns to sort by, descending with a minus: --sort=-seconds' })
      .option('limit', { type: 'number', requiresArg: true, describe: 'at most this many tasks' })
      .option('format', formatOption)
      .option('json', jsonOption('one JSON object per task; short for --format json')),
  paths: ['directory', ...SERVER_PATHS],
  examples: [
    ['tasks results/smoke --sort=-seconds --limit 5', 'the five slowest tasks'],
    ['tasks results/smoke --state pending --json', 'what is left, one JSON object per line'],
    ['tasks results/smoke --nats nats://host:4222 --state failed', 'what was set aside on the server'],
  ],
  act: tasks,
};

async function tasks(options: TasksOptions, context: Context): Promise<number> {
  const { directory, filter = [], sort = [], limit, state } = options;
  const formats = formatsOf(options);
  const most = parseLimit(limit);
  const read = await readRuns(directory);
  // a server in the environment alone is for other commands: a directory needs none
  if (options.nats !== undefined) {
    const { withServerStates } = await import('./tasks-on-server.ts');
    await withServerStates(read, options, context);
  }
  const columns = columnsOf(read);
  const known = [...STATE_COLUMNS, ...columns];
  const wanted = read.runs.filter((run) => state === undefined || run.state === state);
  const chosen = sortRuns(filterRuns(wanted, known, filter), known, splitList(sort)).slice(0, most);
  const report = tasksReport(read, chosen, columns, read.runs.length);
  const style = styleFor(context.stdout, context.env);
  context.stdout.write(formats.map((format) => render(report, format, style)).join('\n'));
  return EXIT.done;
}

function parseLimit(limit: number | undefined): number | undefined {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 1)) return limit;
  throw new EdgesweepError('USAGE', '--limit cannot be used', {
    where: '--limit',
    expected: 'a whole number of tasks, at least 1',
    got: String(limit),
    fix: 'omit it for all tasks',
  });
}
