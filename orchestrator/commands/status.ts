import type { CommandModule } from 'yargs';
import { describeCell, expand } from '../../shared/mod.ts';
import { Progress, readOutcomes, readSweep } from '../directory/mod.ts';

type StatusOptions = { directories: string[]; json: boolean };

export const statusModule: CommandModule<object, StatusOptions> = {
  command: 'status <directories..>',
  describe: 'how much of a sweep is done, cell by cell; also while it runs',
  builder: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object a directory' }),
  async handler({ directories, json }) {
    for (const directory of directories) {
      const sweep = await readSweep(directory);
      const expansion = expand(sweep);
      const progress = new Progress(expansion);
      for await (const { task } of readOutcomes(directory)) progress.add(task);
      const { done, total } = progress;
      if (json) {
        process.stdout.write(
          `${JSON.stringify({ sweep: sweep.name, directory, done, pending: total - done, total })}\n`,
        );
        continue;
      }
      process.stdout.write(`${sweep.name}: ${done} done, ${total - done} pending, ${total} in all\n`);
      for (const [i, cell] of expansion.cells.entries()) {
        process.stdout.write(`  ${progress.doneOfCell(i)} of ${expansion.runs}  ${describeCell(cell)}\n`);
      }
    }
  },
};
