import { z } from 'zod';
import { hostsSchema } from '../../orchestrator/launch/mod.ts';
import { code, page, prose, table } from './markdown.ts';
import { keysOf, type Schema } from './sweep-keys.ts';

/** Every key of a file of hosts. */
export function hostsPage(): string {
  const keys = keysOf(z.toJSONSchema(hostsSchema, { io: 'input' }) as Schema);
  return page(
    'Keys of a file of hosts',
    'For [`edgesweep launch`](../commands.md#launch). [Start nodes over ssh](../how-to/ssh.md) has an example.',
    table(
      ['key', 'value', 'meaning'],
      keys.map(({ path, types, descriptions, isRequired }) => [
        code(path),
        `${[...types].join(' or ').replace(/[<|]/g, '\\$&')}${isRequired ? '; required' : ''}`,
        [...descriptions].map(prose).join('; '),
      ]),
    ),
  );
}
