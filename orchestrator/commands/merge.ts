import { counted, EXIT, oneLine, withoutPasswords } from '../../shared/mod.ts';
import { Interrupted, type Merged, type MergeOptions, mergeDirectories } from '../merge/mod.ts';
import { jsonOption } from '../options/common.ts';
import { runWords } from '../run-words.ts';
import { shellWords } from '../shell-words.ts';
import type { Command, Context } from './command.ts';

type MergeFlags = { out: string; directories: string[]; dryRun: boolean; quiet: boolean; json: boolean };

type InputCounts = Merged['inputs'][number];

export const command: Command<MergeFlags> = {
  examples: [
    ['merge results/whole shards/1 shards/2', 'the shards that two machines computed, in one directory'],
    ['merge results/whole shards/3', 'add another one to it'],
    ['merge results/whole shards/* --dry-run', 'read and check them, and write nothing'],
  ],
  options: (yargs) =>
    yargs
      .positional('out', { type: 'string', demandOption: true, describe: 'sweep directory to write, or to add to' })
      .positional('directories', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'sweep directories of one sweep, or of shards of it',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'read and check everything; write nothing' })
      .option('quiet', { type: 'boolean', default: false, describe: 'hide progress' })
      .option('json', jsonOption()),
  paths: ['out', 'directories'],
  act: merge,
};

async function merge(flags: MergeFlags, context: Context): Promise<number> {
  const { out, directories, dryRun, quiet, json } = flags;
  const note = (text: string) => context.stderr.write(`${oneLine(text)}\n`);
  const command = withoutPasswords(context.words);
  const interrupt = context.catchInterrupt();
  const options: MergeOptions = {
    ...{ out, directories, dryRun, command, signal: interrupt.drain },
    onInput: (counts) => (quiet || json ? undefined : note(describeInput(counts))),
  };
  try {
    const merged = await mergeDirectories(options);
    for (const text of warnings(merged)) note(text);
    context.stdout.write(json ? `${JSON.stringify({ ...merged, dryRun })}\n` : describeMerged(merged, dryRun));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    note(`interrupted; nothing was merged; to start again: edgesweep ${shellWords(command)}`);
    return EXIT.interrupted;
  } finally {
    interrupt.release();
  }
}

const describeInput = ({ directory, shard, outcomes, repeated }: InputCounts): string =>
  `${directory}${shard === undefined ? '' : ` (shard ${shard})`}: ${counted(outcomes, 'outcome')}${
    repeated === 0 ? '' : `, and ${repeated} recorded before with the same result`
  }`;

/** What was not taken as it stands in the directories. */
function warnings({ inputs, others, withoutSeries, withoutManifest, removed }: Merged): string[] {
  return [
    ...inputs
      .filter(({ unfinished }) => unfinished)
      .map(({ directory }) => `${directory}: the last line was never finished and is left out`),
    ...inputs
      .filter(({ setAside }) => setAside > 0)
      .map(
        ({ directory, setAside }) =>
          `${directory}: ${counted(setAside, 'outcome')} of nodes that an audit set aside left out; the next run computes their tasks`,
      ),
    ...(others > 0 ? [`${counted(others, 'outcome')} not of the sweep as it is now; kept in the journal`] : []),
    ...(withoutSeries > 0
      ? [
          `${counted(withoutSeries, 'recorded task lacks its series', 'recorded tasks lack their series')}; the next run computes them`,
        ]
      : []),
    ...withoutManifest.map(
      (directory) => `${directory}: the manifest cannot be read, so the merged one says less of it`,
    ),
    ...(removed.length > 0 ? [`removed ${removed.join(', ')}, drawn before; to draw again: edgesweep plot`] : []),
  ];
}

function describeMerged({ directory, sweep, shard, inputs, outcomes, done, total }: Merged, dryRun: boolean): string {
  const name = shard === undefined ? sweep : `${sweep}, shard ${shard}`;
  const from = `${counted(outcomes, 'outcome')} from ${counted(inputs.filter((one) => one.directory !== directory).length, 'directory', 'directories')}`;
  const lines = [
    `${name}: ${from}${dryRun ? ' can be merged' : `, merged in ${oneLine(directory)}`}`,
    `${done} done, ${total - done} pending, ${total} in all`,
    ...(done < total && !dryRun ? [`to compute the rest: edgesweep ${shellWords(runWords(directory))}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
