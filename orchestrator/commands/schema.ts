import { EXIT } from '../../shared/mod.ts';
import { sweepJsonSchema } from '../../shared/sweep/mod.ts';
import type { Command } from './command.ts';

export const command: Command = {
  examples: [['schema', 'print the JSON Schema']],
  options: (yargs) => yargs,
  paths: [],
  act(_, { stdout }) {
    stdout.write(`${JSON.stringify(sweepJsonSchema(), null, 2)}
`);
    return EXIT.done;
  },
};
