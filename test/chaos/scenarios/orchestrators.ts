import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';

export const twoOrchestrators: Scenario = {
  name: 'two-orchestrators',
  fault:
    'two orchestrators of one sweep started together, on two directories; a third on the directory of the first is refused',
  rounds: { full: 20, quick: 3 },
  async run(open, rounds) {
    const lab = await open();
    await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
    while (lab.measured.faults < rounds) {
      lab.measured.faults += 1;
      const trial = await lab.makeTrial(50);
      const started = performance.now();
      const directories = ['a', 'b'].map((which) => lab.directory(`out-${lab.measured.faults}${which}`));
      const runs = directories.map((directory) => lab.startRun(trial, directory));
      await sleep(lab.between(0, 200));
      const third = lab.startRun(trial, directories[0]);
      const [first] = runs;
      const { code } = await third.ended;
      // of two that start together on one directory, either may be first
      const refused = [first, third].filter(({ stderr }) => stderr.includes('error [DIRECTORY_LOCKED]'));
      if (refused.length !== 1)
        lab.measured.problems.push(
          `${refused.length} of two on one directory were refused (${code}): ${third.stderr.slice(-300)}`,
        );
      await lab.finish(refused[0] === first ? third : first, directories[0], trial, started);
      await lab.finish(runs[1], directories[1], trial);
    }
    return lab.close();
  },
};
