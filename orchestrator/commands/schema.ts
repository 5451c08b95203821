import type { CommandModule } from 'yargs';
import { sweepJsonSchema } from '../../shared/sweep/mod.ts';

export const schemaModule: CommandModule = {
  command: 'schema',
  describe: 'JSON Schema of sweep files, for editors',
  handler() {
    process.stdout.write(`${JSON.stringify(sweepJsonSchema(), null, 2)}\n`);
  },
};
