import { expect, test } from 'vitest';
import yargs from 'yargs';
import { COMMANDS } from '../../orchestrator/commands/mod.ts';

for (const [name, { words = '', load }] of Object.entries(COMMANDS)) {
  test(`${name}: every example of its help is a command line that it takes`, async () => {
    const { examples = [], options } = await load();
    expect(examples.length).toBeGreaterThan(0);
    for (const [line, description] of examples) {
      expect(line.split(' ')[0]).toBe(name);
      expect(description).not.toBe('');
      await yargs()
        .command(`${name} ${words}`.trim(), '', options, () => {})
        .strict()
        .exitProcess(false)
        .fail((message) => {
          throw new Error(`${line}: ${message}`);
        })
        .parseAsync(line.replace(/ > .*/, ''));
    }
  });
}
