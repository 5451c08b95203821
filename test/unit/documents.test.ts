import { expect, it } from 'vitest';
import { commandBlocks, DOCUMENTS, ELSEWHERE, elsewhere, otherBlocks } from '../support/mod.ts';

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

it('every block with commands of edgesweep is marked as one, so that it is run', () => {
  const others = DOCUMENTS.flatMap((document) =>
    otherBlocks(document).filter(({ lines }) =>
      lines.some((line) => /^(npx )?edgesweep [a-z]|^npm install\b/.test(line)),
    ),
  );
  expect(others).toEqual([]);
});

it('no reason is left over', () => {
  for (const [pattern] of ELSEWHERE) {
    expect([pattern, commands.some(({ command }) => pattern.test(command))]).toEqual([pattern, true]);
  }
});
