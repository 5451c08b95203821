import { expect, it } from 'vitest';
import { commandBlocks, DOCUMENTS, ELSEWHERE, elsewhere } from '../support/mod.ts';

const commands = DOCUMENTS.flatMap(commandBlocks).flatMap(({ document, commands: all }) =>
  all.map((command) => ({ document, command })),
);

it('every line of a command block is one that make test-package runs, or has a reason why not', () => {
  const unknown = commands.filter(
    ({ command }) => elsewhere(command) === undefined && !/^(npx )?edgesweep /.test(command),
  );
  expect(unknown).toEqual([]);
  expect(commands.length).toBeGreaterThan(30);
});

it('no reason is left over', () => {
  for (const [pattern] of ELSEWHERE) {
    expect([pattern, commands.some(({ command }) => pattern.test(command))]).toEqual([pattern, true]);
  }
});
