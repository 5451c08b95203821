import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { counted } from '../../../shared/mod.ts';
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

/** One that has just ended by itself is a round without a kill. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

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
            if (chosen !== undefined) killIfAlive(chosen);
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

/** What a program does instead of answering, or besides; the first ones answer well all the same. */
const FAULTS = ['none', 'stdout', 'slow', 'half', 'nan', 'large', 'twice', 'quit', 'exit', 'leak', 'escape'] as const;
const HARMLESS = 3;

const FAULTY = `import { serve } from './edgesweep-task.mjs';
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const say = (text) => {
  const bytes = Buffer.from(text);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(3, bytes, sent);
};
const block = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const faults = {
  none() {},
  stdout: () => console.log('{"loss": 7}'),
  slow: () => sleep(200),
  half: () => say('{"loss": 0.'),
  nan: (id) => say('{"id": "' + id + '", "loss": NaN}\\n'),
  large: (id) => say('{"id": "' + id + '", "loss": "' + 'x'.repeat(2e6) + '"}\\n'),
  twice: (id) => say(('{"id": "' + id + '", "ok": true, "loss": 1}\\n').repeat(2)),
  quit: () => process.exit(0),
  exit: () => process.exit(3),
  leak() { const all = []; for (;;) { all.push(Buffer.alloc(10_000_000, 1)); block(5); } },
  escape() {
    process.on('SIGTERM', () => {});
    spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();
    for (;;) block(1000);
  },
};
serve(async ({ id, params, random }) => {
  await faults[params.fault](id);
  return { loss: random };
});
`;

const faultySweep = (mode: Mode) => (runs: number) =>
  `experiment: program
program: {name: faulty, command: [${process.execPath}, faulty.mjs], mode: ${mode}, files: ["faulty.mjs", "edgesweep-task.mjs"], metrics: {loss: min}, timeout: 8, memory: 400 MB}
runs: ${runs}
grid: {params.fault: [${FAULTS.join(', ')}]}
`;

/** A persistent program that never says hello: all of its tasks fail. */
const silentSweep = (runs: number) =>
  `experiment: program
program: {name: silent, command: [${process.execPath}, -e, "process.stdin.resume()"], mode: persistent, start: 1}
runs: ${runs}
grid: {params.x: 1}
`;

function faultsOf(mode: Mode): Scenario {
  return {
    name: `${mode}-faults`,
    fault: `${mode} programs that print to standard output, answer late, write half a JSON, NaN, 2 MB or two results, exit with 0 or 3 without a result, leak memory to the bound, or ignore TERM with a child in a session of its own beyond the time limit${mode === 'persistent' ? '; and one that never says hello' : ''}: these tasks fail, all others are done`,
    rounds: { full: 20, quick: 8 },
    async run(open, rounds) {
      const lab = await open();
      const helper = fileURLToPath(new URL('../../../docs/programs/edgesweep-task.mjs', import.meta.url));
      cpSync(helper, join(lab.folder, 'edgesweep-task.mjs'));
      writeFileSync(join(lab.folder, 'faulty.mjs'), FAULTY);
      const allow = ['--allow', `faulty=${process.execPath} faulty.mjs`];
      const silent = ['--allow', `silent=${process.execPath} -e "process.stdin.resume()"`];
      const worker = await lab.startWorker('w0', { words: ['--slots', '2', ...allow, ...silent] });
      const each = FAULTS.length - HARMLESS;
      const runs = Math.ceil(rounds / each);
      const compute = async (kind: (runs: number) => string, failing: number, tasks: number) => {
        const trial = await lab.makeTrial(runs, kind, 1);
        const directory = lab.directory(`out-${trial.name}`);
        const run = lab.startRun(trial, directory);
        await lab.finish(run, directory, trial);
        lab.measured.faults += failing;
        const done = trial.undisturbed.outcomes.size;
        if (done !== tasks - failing) lab.measured.problems.push(`${done} tasks are done, not ${tasks - failing}`);
        if (!run.stderr.includes(`: ${counted(failing, 'task')} failed\n`))
          lab.measured.problems.push(`not ${counted(failing, 'task')} failed: ${run.stderr.slice(-500)}`);
      };
      await compute(faultySweep(mode), each * runs, FAULTS.length * runs);
      if (mode === 'persistent') await compute(silentSweep, runs, runs);
      const pids = programsOf(worker);
      const measured = await lab.close();
      await untilGone(lab, pids);
      return measured;
    },
  };
}

export const programFaults: readonly Scenario[] = MODES.map(faultsOf);

export const programKills: readonly Scenario[] = MODES.flatMap((mode) =>
  VICTIMS.map((victim) => scenarioOf(mode, victim)),
);
