import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder } from '../../support/mod.ts';

it('with --nats the name is that of a sweep on the server, whatever sweep directory has it too', async () => {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'mine'));
  writeFileSync(join(cwd, 'mine', 'sweep.yaml'), '');
  const ofRun = await inProcess(['pause', 'mine'], { cwd });
  expect(ofRun.stderr).toContain('no run of this machine writes to the sweep directory');
  const onServer = await inProcess(['pause', 'mine', '--nats', 'nats://127.0.0.1:1'], { cwd });
  expect(onServer.stderr).toContain('error [NATS_UNREACHABLE]');
});
