import { KNOWN_PROTOCOLS, PROTOCOL_VERSION } from '../../../shared/protocol/mod.ts';
import { killHard, PROGRAM, type Running } from '../../support/processes.ts';
import { protocolsOf } from '../builds.ts';
import type { Lab } from '../lab.ts';
import { journalSize, type Trial } from '../sweeps.ts';

/** Do this build and that one share a sweep? */
export const sharesProtocol = (other: string): boolean =>
  protocolsOf(other).some((protocol) => KNOWN_PROTOCOLS.includes(protocol));

export const APART =
  'of two revisions without a common protocol each computes its own sweeps and says so of the other; a run of the newer takes over a sweep that was begun by the older, `kill -9`; a run of the older is refused a sweep of the newer';

type Build = { name: string; program: string; protocol: number };

/** @param other built from a revision that shares no protocol with this one */
export async function standApart(lab: Lab, other: string): Promise<void> {
  const builds: Build[] = [
    { name: 'ours', program: PROGRAM, protocol: PROTOCOL_VERSION },
    { name: 'theirs', program: other, protocol: Math.max(...protocolsOf(other)) },
  ];
  builds.sort((a, b) => a.protocol - b.protocol);
  const [older, newer] = builds;
  const workers = await Promise.all(builds.map(({ name, program }) => lab.startWorker(name, { program })));
  for (const [i, { program }] of builds.entries()) {
    const stranger = builds[1 - i];
    const trial = await lab.makeTrial(25);
    const directory = lab.directory(`out-${i}`);
    const run = lab.startRun(trial, directory, { program });
    await lab.finish(run, directory, trial);
    lab.measured.faults += 1;
    requireText(lab, 'the run', run, `node ${stranger.name} `, `has protocol ${stranger.protocol}, but this run`);
    const [name, said] = [`the worker of protocol ${stranger.protocol}`, workers[1 - i]];
    requireText(lab, name, said, `sweep ${trial.name} has protocol`, `but this node has protocol ${stranger.protocol}`);
  }
  for (const worker of workers) {
    await lab.drainWorker(worker);
    requireText(lab, 'a worker', worker, '100 tasks done, 0 failed');
  }
  await Promise.all(builds.map(({ name, program }) => lab.startWorker(`${name}-2`, { program })));
  await takeOver(lab, older, newer);
  await refuse(lab, older, newer);
}

async function takeOver(lab: Lab, older: Build, newer: Build): Promise<void> {
  const trial = await lab.makeTrial(150);
  const directory = lab.directory('out-taken-over');
  const killed = await begin(lab, trial, directory, older);
  await killHard(killed);
  lab.inspect('a run', killed);
  const lastFault = performance.now();
  const run = lab.startRun(trial, directory, { program: newer.program });
  await lab.recovered(directory, run);
  await lab.finish(run, directory, trial, lastFault);
}

async function refuse(lab: Lab, older: Build, newer: Build): Promise<void> {
  const trial = await lab.makeTrial(150);
  const directory = lab.directory('out-newer');
  const run = await begin(lab, trial, directory, newer);
  const refused = lab.startRun(trial, lab.directory('out-older'), { program: older.program });
  const { code } = await refused.ended;
  lab.measured.faults += 1;
  if (code !== 2) lab.measured.problems.push(`a run of the older ended with ${code}`);
  requireText(
    lab,
    'a run of the older',
    refused,
    'error [NATS_OTHER_VERSION]',
    `protocol ${newer.protocol}, of edgesweep`,
  );
  await lab.finish(run, directory, trial);
}

async function begin(lab: Lab, trial: Trial, directory: string, { program }: Build): Promise<Running> {
  const run = lab.startRun(trial, directory, { program });
  while (run.alive && journalSize(directory) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  return run;
}

function requireText({ measured }: Lab, what: string, { stderr }: Running, ...texts: string[]): void {
  const missing = texts.find((text) => !stderr.includes(text));
  if (missing !== undefined) measured.problems.push(`${what} did not say "${missing}": ${stderr.slice(-500)}`);
}
