import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive, processesWith } from '../../support/proc.ts';
import { killHard, type Running } from '../../support/processes.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { journalSize } from '../sweeps.ts';

const MODES = ['persistent', 'one-shot'] as const;
const VICTIMS = ['worker', 'program', 'orchestrator'] as const;
type Mode = (typeof MODES)[number];
type Victim = (typeof VICTIMS)[number];

/** A deterministic program that ignores TERM and has a child in a session of its own. */
const PROGRAM = `import { serve } from './edgesweep-task.mjs';
import { spawn } from 'node:child_process';
process.on('SIGTERM', () => {});
spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();
serve(async ({ params, random }, step) => {
  step(1, { loss: random });
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { loss: params.x + random };
});
`;
const ALLOW = ['--slots', '2', '--allow', `probe=${process.execPath} probe.mjs`];
/** After the death of a worker its programs get TERM, and KILL after 10 s. */
const PATIENCE_MS = 20_000;

const sweepOf = (mode: Mode) => (runs: number) =>
  `experiment: program
program: {name: probe, command: [${process.execPath}, probe.mjs], mode: ${mode}, files: ["*.mjs"], metrics: {loss: min}}
runs: ${runs}
grid: {params.x: [1, 2, 3, 4]}
`;

/** Processes of the programs of this worker, wherever they went. */
const programsOf = (worker: Running): number[] => processesWith(`EDGESWEEP_COOKIE=${worker.child.pid}-`);

/** What is left after a while is a problem. */
async function untilGone(lab: Lab, pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (pids.some(isAlive) && performance.now() < deadline) await sleep(50);
  const left = pids.filter(isAlive);
  if (left.length > 0) lab.measured.problems.push(`processes with the cookie are left: ${left.join(', ')}`);
}

function scenarioOf(mode: Mode, victim: Victim): Scenario {
  return {
    name: `${mode}-${victim}-kill`,
    fault: `kill -9 of the ${victim === 'program' ? 'process of a program' : victim}, with a ${mode} program that ignores TERM and has a child in a session of its own`,
    rounds: { full: 20, quick: 3 },
    async run(open, rounds) {
      const lab = await open();
      cpSync(
        fileURLToPath(new URL('../../../docs/programs/edgesweep-task.mjs', import.meta.url)),
        join(lab.folder, 'edgesweep-task.mjs'),
      );
      writeFileSync(join(lab.folder, 'probe.mjs'), PROGRAM);
      let [workers, sweeps] = [0, 0];
      const start = () => lab.startWorker(`w${workers++}`, { words: ALLOW });
      let worker = await start();
      while (lab.measured.faults < rounds) {
        const trial = await lab.makeTrial(mode === 'persistent' ? 40 : 10, sweepOf(mode));
        const directory = lab.directory(`out-${sweeps++}`);
        let run = lab.startRun(trial, directory);
        let lastFault: number | undefined;
        for (let kill = 0; kill < 3 && lab.measured.faults < rounds; kill++) {
          const size = journalSize(directory);
          while (run.alive && journalSize(directory) === size) await sleep(5);
          await sleep(lab.between(0, 100));
          if (!run.alive) break;
          lastFault = performance.now();
          if (victim === 'worker') {
            const pids = programsOf(worker);
            await lab.killWorker(worker);
            await untilGone(lab, pids);
            worker = await start();
          } else if (victim === 'orchestrator') {
            await killHard(run);
            run = lab.startRun(trial, directory);
          } else {
            const pids = programsOf(worker);
            const chosen = pids[Math.floor(lab.between(0, pids.length))];
            if (chosen !== undefined) process.kill(chosen, 'SIGKILL');
          }
          await lab.recovered(directory, run);
        }
        await lab.finish(run, directory, trial, lastFault);
      }
      const pids = programsOf(worker);
      const measured = await lab.close();
      await untilGone(lab, pids);
      return measured;
    },
  };
}

export const programKills: readonly Scenario[] = MODES.flatMap((mode) =>
  VICTIMS.map((victim) => scenarioOf(mode, victim)),
);
