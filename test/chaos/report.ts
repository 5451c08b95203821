import { markdownTable } from 'markdown-table';
import type { Measured } from './lab.ts';
import type { Scenario } from './scenario.ts';

export type Part = { scenario: Scenario } & (
  | { measured: Measured; seconds: number }
  | { skipped: string }
  | { crashed: string }
);

export type Report = {
  command: string;
  revision: string;
  date: string;
  seed: number;
  /** three servers, of which one is in trouble */
  cluster: boolean;
  versions: string;
  minutes: number;
  parts: readonly Part[];
};

/** Everything that has to be zero is, and nothing was left out. */
export const isClean = ({ parts }: Report): boolean => parts.every(isPartClean);

function isPartClean(part: Part): boolean {
  if ('skipped' in part) return true;
  if ('crashed' in part) return false;
  const { lost, twice, differing, problems } = part.measured;
  return lost + twice + differing + problems.length === 0;
}

export function render(report: Report): string {
  const { command, revision, date, seed, cluster, versions, minutes, parts } = report;
  const header = [
    'fault',
    'rounds',
    'tasks',
    'lost',
    'twice',
    'differing',
    'further executions',
    'to the next outcome, s',
    'to the end, s',
    'took, s',
    ...(cluster ? ['servers killed, cut, slow', 'whole again, s'] : []),
  ];
  const rows = parts.map((part) => {
    const { name } = part.scenario;
    if ('skipped' in part) return [name, `not done: ${part.skipped}`];
    if ('crashed' in part) return [name, 'broke off, see below'];
    const { faults, tasks, lost, twice, differing, extraExecutions, next, completion, troubles } = part.measured;
    return [
      name,
      String(faults),
      String(tasks),
      String(lost),
      String(twice),
      String(differing),
      String(extraExecutions),
      spread(next),
      spread(completion),
      part.seconds.toFixed(0),
      ...(troubles === undefined
        ? []
        : [`${troubles.kill}, ${troubles.cut}, ${troubles.slow}`, spread(troubles.whole)]),
    ];
  });
  const width = header.length;
  const table = markdownTable([header, ...rows.map((row) => [...row, ...Array<string>(width - row.length).fill('')])], {
    align: ['l', ...Array<string>(width - 1).fill('r')],
  });
  const problems = parts.flatMap((part) => {
    const { name } = part.scenario;
    // several lines stay in the item of the list
    if ('crashed' in part) return [`- ${name} broke off: ${part.crashed.trim().replace(/\n+/g, '\n  ')}`];
    return 'measured' in part ? part.measured.problems.map((text) => `- ${name}: ${text}`) : [];
  });
  return `# Faults${cluster ? ' on three servers' : ''}

Printed by \`${command}\` at revision ${revision}, ${date}, in ${minutes.toFixed(1)} minutes; seed ${seed}. ${versions}.

${cluster ? THREE : 'Real processes of the built program and a real nats-server'}; faults at random moments, over sweeps of 200 searches or more of some
milliseconds each, or of 24 trajectories of a second or more. *Lost*, *twice* and *differing* are counted in the sweep directories at the end,
against a local run that nothing disturbed: tasks without an outcome, outcomes that stand there twice, outcomes, tables and series that are not
the same byte for byte. They have to be 0. *Further executions*: results of a task that nodes sent to the server beyond the first; harmless, and what at-least-once costs.
Seconds are median and largest: from the end of a fault to the next recorded outcome, and from the last fault of a sweep to its end.
A node that dies or falls silent keeps its task for the 30 s of ack_wait; that is the largest part of "to the end". A scenario also breaks off where a
run records nothing for ten minutes.

${table}

${parts.map(({ scenario }) => `- **${scenario.name}**: ${scenario.fault}.`).join('\n')}

${problems.length === 0 ? 'Every command ended with the exit code that it should have, and none wrote a stack trace or a warning of Node.' : `What should not have happened:\n\n${problems.join('\n')}`}
`;
}

const THREE = `Every scenario of [chaos.md](chaos.md) that needs a server, on three servers with three copies of every stream (\`--nats-replicas 3\`). Each
server is in a network namespace of its own; the workers and the orchestrators are in two others. All the time one of the three servers is in
trouble, in turn: *killed* (\`kill -9\`, started again after 0.2 to 8 s), *cut* off from everything (its cable is down for 1 to 15 s) or *slow*
(50 to 250 ms more in each direction and 1 to 5 % of the packets lost, for 4 to 12 s). The next trouble begins when all three report that they are
whole: every stream and consumer has caught up with the others. *Whole again* is how long that takes after a trouble; it measures nats-server, and no
sweep waits for it. A scenario breaks off where it takes ten minutes. The faults of the scenarios come on top.

Real processes of the built program and real nats-servers`;

function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)].toFixed(1)} (${sorted[sorted.length - 1].toFixed(1)})`;
}
