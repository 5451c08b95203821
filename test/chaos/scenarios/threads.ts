import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnProcess } from '../../support/processes.ts';
import type { Scenario } from '../scenario.ts';

export const threadKill: Scenario = {
  name: 'thread-exit',
  fault:
    'a pool thread exits in the middle of a task (a worker with a thread file that does so once for every tenth task)',
  rounds: { full: 20, quick: 20 },
  async run(open, rounds) {
    const lab = await open();
    const deaths = join(lab.folder, 'deaths');
    mkdirSync(deaths);
    const program = fileURLToPath(new URL('../mortal-worker.ts', import.meta.url));
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const start = (name: string) => {
      const { url, namespace } = lab.servers.home.worker;
      const words = ['--import', 'tsx', program, url, name, deaths];
      return lab.addWorker(spawnProcess(process.execPath, words, { cwd: root, silent: true, namespace }));
    };
    await Promise.all([start('one'), start('two')]);
    for (let sweeps = 1; lab.measured.faults < rounds; sweeps++) {
      const trial = await lab.makeTrial(75);
      const directory = lab.directory(`out-${sweeps}`);
      const run = lab.startRun(trial, directory);
      let seen = readdirSync(deaths).length;
      let lastFault: number | undefined;
      while (run.alive) {
        const now = readdirSync(deaths).length;
        if (now > seen) {
          lab.measured.faults += now - seen - 1;
          lastFault = performance.now();
          await lab.recovered(directory, run);
        }
        seen = now;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await lab.finish(run, directory, trial, lastFault);
    }
    return lab.close();
  },
};
