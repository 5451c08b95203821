import { EXIT } from '../../shared/mod.ts';
import { sweepJsonSchema } from '../../shared/sweep/mod.ts';
import { jsonOption } from '../options/common.ts';
import type { Command } from './command.ts';

export const command: Command = {
  examples: [['schema', 'print the JSON Schema']],
  options: (yargs) => yargs.option('json', jsonOption('no effect: a schema is JSON')),
  paths: [],
  act(_, { stdout }) {
    stdout.write(`${JSON.stringify(sweepJsonSchema(), null, 2)}
`);
    return EXIT.done;
  },
};
