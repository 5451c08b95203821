import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../scenario.ts';

/** What is added whenever the disk is full, in KiB: some tens of outcomes. */
const STEP_KIB = 24;

const mount = (...words: string[]): void => void execFileSync('mount', words, { stdio: ['ignore', 'ignore', 'pipe'] });

export const diskFull: Scenario = {
  name: 'disk-full',
  fault: 'the disk of the journal is full (tmpfs); then there is space, and the same command again',
  rounds: { full: 20, quick: 4 },
  impossible: () => (process.getuid?.() === 0 ? undefined : 'mounting a small tmpfs needs root'),
  async run(open, rounds) {
    const lab = await open();
    const disk = join(lab.folder, 'disk');
    mkdirSync(disk);
    let size = 64;
    mount('-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', disk);
    try {
      await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
      // about 0.6 KB an outcome
      const trial = await lab.makeTrial(Math.ceil((rounds * STEP_KIB + 200) / 0.6 / 4));
      const directory = join(disk, 'out');
      let lastFault: number | undefined;
      let run = lab.startRun(trial, directory);
      for (;;) {
        const { code } = await run.ended;
        if (code === 0) break;
        lab.inspect('a run', run);
        if (code !== 1 || !run.stderr.includes('error [DISK]'))
          lab.measured.problems.push(`a run on a full disk ended with ${code}: ${run.stderr.slice(-300)}`);
        size += lab.measured.faults + 1 < rounds ? STEP_KIB : 100_000;
        mount('-o', `remount,size=${size}k`, disk);
        lastFault = performance.now();
        run = lab.startRun(trial, directory);
        await lab.recovered(directory, run);
      }
      await lab.finish(run, directory, trial, lastFault);
      return await lab.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  },
};
