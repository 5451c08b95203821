import { setTimeout as sleep } from 'node:timers/promises';
import { connectCluster } from '../../../shared/protocol/mod.ts';
import { malformedMessages } from '../../cluster/malformed.ts';
import type { Scenario } from '../scenario.ts';
import { strikeSweeps } from './kills.ts';

const A_ROUND = 100;

export const malformed: Scenario = {
  name: 'malformed-messages',
  fault: `${A_ROUND} malformed, oversized or foreign messages on the subjects of tasks, results, failures, heartbeats and wakes`,
  rounds: { full: 20, quick: 4 },
  async run(open, rounds) {
    const lab = await open();
    await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
    const stranger = await connectCluster({ servers: [...lab.servers.addresses] }, 'worker', 'stranger');
    await strikeSweeps(
      lab,
      rounds,
      () => lab.makeTrial(300),
      async (_run, _directory, { key, tasks }) => {
        const searched = tasks.filter((task) => task.experiment === 'maximal-step-size');
        for (const { subject, data } of malformedMessages(key, searched, A_ROUND, lab.random)) {
          stranger.nc.publish(subject, data);
          await sleep(1);
        }
        await stranger.nc.flush();
      },
    );
    await stranger.nc.close();
    return lab.close();
  },
};
