import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROTOCOL_VERSION } from '../../../shared/protocol/mod.ts';
import { killHard, PROGRAM, type Running } from '../../support/processes.ts';
import { makeBuild } from '../builds.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { journalSize } from '../sweeps.ts';
import { APART, sharesProtocol, standApart } from './protocols.ts';

/** Built from another revision, by `make test-upgrade`; default: a copy of this one with another version number. */
const OTHER = process.env.EDGESWEEP_OTHER_PROGRAM;
const WORKERS = 3;
const isApart = OTHER !== undefined && !sharesProtocol(OTHER);

export const rollingUpgrade: Scenario = {
  name: 'rolling-upgrade',
  fault: isApart
    ? APART
    : `three workers of a running sweep are replaced one by one by ones of another ${OTHER === undefined ? 'version number' : 'revision'}, by SIGTERM or kill -9, then the orchestrator by kill -9; in the next sweep back again; a worker of another protocol stands beside them, has to take nothing and to say so`,
  rounds: { full: 24, quick: 8 },
  async run(open, rounds) {
    const lab = await open();
    if (isApart) {
      await standApart(lab, OTHER);
      return lab.close();
    }
    const builds = [PROGRAM, OTHER ?? makeBuild(join(lab.folder, 'other'), '99.0.0')];
    const foreign = makeBuild(join(lab.folder, 'foreign'), '99.1.0', [PROTOCOL_VERSION + 1]);
    const stranger = await lab.startWorker('stranger', { program: foreign });
    let started = 0;
    const start = (build: number) => lab.startWorker(`w${++started}`, { program: builds[build] });
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => start(0)));
    for (let sweeps = 0; lab.measured.faults < rounds; sweeps++) {
      const [before, after] = [sweeps % 2, (sweeps + 1) % 2];
      const trial = await lab.makeTrial(250);
      const directory = lab.directory(`out-${sweeps}`);
      let run = lab.startRun(trial, directory, { program: builds[before] });
      while (run.alive && journalSize(directory) === 0) await sleep(10);
      let lastFault: number | undefined;
      const struck = async () => {
        lastFault = performance.now();
        await lab.recovered(directory, run);
      };
      for (const [i, worker] of workers.entries()) {
        await sleep(lab.between(100, 600));
        if (lab.random() < 0.7) await lab.drainWorker(worker);
        else await lab.killWorker(worker);
        workers[i] = await start(after);
        await struck();
      }
      if (run.alive) {
        await killHard(run);
        run = lab.startRun(trial, directory, { program: builds[after] });
        await struck();
      }
      await lab.finish(run, directory, trial, lastFault);
    }
    await inspectStranger(lab, stranger);
    return lab.close();
  },
};

async function inspectStranger(lab: Lab, stranger: Running): Promise<void> {
  await lab.drainWorker(stranger);
  const { problems } = lab.measured;
  if (!stranger.stderr.includes(`but this node has protocol ${PROTOCOL_VERSION + 1}`))
    problems.push(`the worker of another protocol did not say so: ${stranger.stderr.slice(-500)}`);
  if (!stranger.stderr.includes('0 tasks done, 0 failed'))
    problems.push(`the worker of another protocol took tasks: ${stranger.stderr.slice(-500)}`);
}
