import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepNode } from '../../../orchestrator/launch/mod.ts';
import { makeFolder } from '../../support/mod.ts';

/** Tries of a stand-in for ssh, one after the other. */
const LOST = `echo '{"message":"ready: 1 thread"}'; exit 255`;
const NO_NAME = 'echo "ssh: Could not resolve hostname beta" >&2; exit 255';
const ENDED = 'exit 0';

async function keep(...tries: string[]) {
  const folder = makeFolder();
  const cases = tries.map((text, i) => `${i + 1}) ${text};;`).join('\n');
  const script = `#!/bin/sh\necho >> '${folder}/tries'\ncase $(($(wc -l < '${folder}/tries'))) in\n${cases}\nesac\n`;
  writeFileSync(join(folder, 'ssh'), script);
  chmodSync(join(folder, 'ssh'), 0o755);
  const states: (string | undefined)[] = [];
  const never = new AbortController().signal;
  const end = await keepNode(
    { name: 'beta', host: 'beta', environment: {} },
    {
      words: [],
      input: '',
      env: { PATH: `${folder}:${process.env.PATH}` },
      interrupt: { drain: never, stop: never },
      backoff: 1,
      tell: ({ state }) => state !== undefined && states.push(state),
    },
  );
  return { end, states };
}

it('a host whose name is not found ends the node, but not after it was reached once', async () => {
  expect(await keep(NO_NAME)).toMatchObject({ end: { state: 'failed' }, states: ['connecting', 'failed'] });
  expect(await keep(LOST, NO_NAME, NO_NAME, ENDED)).toMatchObject({
    end: { state: 'ended' },
    states: ['connecting', 'running', 'lost', 'connecting', 'lost', 'connecting', 'lost', 'connecting', 'ended'],
  });
});
