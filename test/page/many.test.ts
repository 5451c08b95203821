import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Overview } from '../../orchestrator/ui/wire.ts';
import { loadSweepOf } from '../../shared/sweep/mod.ts';
import { makeFolder, start } from '../support/mod.ts';
import { makeSweepDirectory } from '../unit/figure/support.ts';
import { describeWhole } from './browser.ts';

const MANY = 3000;

describeWhole('the live page with very many sweeps', () => {
  it('shows all of thousands of directories, and those that it cannot read as such', async () => {
    const parent = makeFolder();
    const sweep = { ...loadSweepOf('maximal-step-size', 'table-4.1'), runs: 1 };
    const first = makeSweepDirectory(parent, { ...sweep, name: 'sweep-0' }, () => 100);
    const text = readFileSync(join(first, 'sweep.yaml'), 'utf8');
    for (let i = 1; i < MANY; i += 1) {
      const directory = join(parent, `sweep-${i}`);
      cpSync(first, directory, { recursive: true });
      writeFileSync(join(directory, 'sweep.yaml'), text.replace('sweep-0', `sweep-${i}`));
    }
    // as another version would write it
    const file = join(parent, 'sweep-7', 'sweep.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}colour: blue\n`);
    const began = performance.now();
    const env = { XDG_CACHE_HOME: makeFolder() };
    const ui = start(['ui', parent, '--port', '0', '--json'], { cwd: parent, env });
    while (ui.alive && !ui.stdout.includes('\n')) await sleep(20);
    const { url } = JSON.parse(ui.stdout);
    const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
    const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
    const overview = async (): Promise<Overview> =>
      (await fetch(new URL('/api/overview', url), { headers: { cookie } })).json();
    const listening = seconds();
    let { sweeps } = await overview();
    expect(sweeps).toHaveLength(MANY);
    const shown = seconds();
    while (sweeps.some(({ state }) => state === 'reading')) {
      await sleep(200);
      ({ sweeps } = await overview());
    }
    const states = sweeps.map(({ state }) => state);
    expect(states.filter((state) => state === 'complete')).toHaveLength(MANY - 1);
    expect(sweeps.find(({ directory }) => directory.endsWith('sweep-7'))).toMatchObject({
      state: 'unreadable',
      trouble: { code: 'SWEEP_INVALID', where: expect.stringMatching(/sweep-7/) },
    });
    const memory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${ui.child.pid}/status`, 'utf8'))?.[1]) / 1024;
    console.log(
      `${MANY} directories: listening after ${listening} s, listed after ${shown} s, all read after ${seconds()} s, ${memory.toFixed(0)} MB`,
    );
  });
});
