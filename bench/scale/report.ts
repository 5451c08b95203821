import { markdownTable } from 'markdown-table';
import type { Machine } from '../speed/machine.ts';
import type { NodesRow, ThroughputRow } from './cluster.ts';
import type { LocalRow } from './local.ts';
import { median, megabytes } from './measure.ts';
import { HEAP, type MergeRow } from './merge.ts';
import type { NodesRun } from './nodes.ts';

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const spread = (values: readonly number[]): string =>
  `${seconds(median(values))} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;

/** What was measured; a part that was not has no section. */
export type Measurements = {
  local?: readonly LocalRow[];
  throughput?: readonly ThroughputRow[];
  nodes?: { rows: readonly NodesRow[]; sweep: string };
  merges?: readonly MergeRow[];
  simulated?: readonly NodesRun[];
};

export function render(machine: Machine, warning: string | undefined, measured: Measurements): string {
  const { local, throughput, nodes, merges, simulated } = measured;
  const sections = [
    ...(local === undefined ? [] : [localSection(local)]),
    ...(throughput === undefined ? [] : [throughputSection(throughput)]),
    ...(nodes === undefined ? [] : [nodesSection(nodes.rows, nodes.sweep)]),
    ...(simulated === undefined ? [] : [simulatedSection(simulated)]),
    ...(merges === undefined ? [] : [mergeSection(merges)]),
  ];
  return `# Scale

Made by \`make scale\`, revision ${machine.revision}, Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, ${machine.platform}.
${warning === undefined ? '' : `\n${warning}\n`}
${sections.join('\n')}
${WAY}`;
}

const FOUR = { align: ['l', 'r', 'r', 'r'] };
const NUMBERS = { align: 'r' };

const localSection = (rows: readonly LocalRow[]): string => `## One machine

${markdownTable([['what', 'wall clock', 'peak memory', 'aim'], ...rows.map((row) => [row.what, seconds(row.seconds), megabytes(row.memory), row.aim])], FOUR)}
`;

const throughputSection = (rows: readonly ThroughputRow[]): string => `## Tasks through one nats-server

Tasks that cost nothing, two worker nodes of one thread, server, orchestrator and nodes all on this machine; from the start of the
command to its end, every outcome fsynced in the journal. Aim: 2000 a second.

${markdownTable(
  [
    ['tasks', 'wall clock', 'tasks a second', 'server', 'orchestrator', 'a worker'],
    ...rows.map(({ tasks, seconds: s, tasksPerSecond, memory }) => [
      String(tasks),
      seconds(s),
      tasksPerSecond.toFixed(0),
      megabytes(memory.server),
      megabytes(memory.orchestrator),
      megabytes(memory.worker),
    ]),
  ],
  NUMBERS,
)}
`;

const nodesSection = (rows: readonly NodesRow[], sweep: string): string => `## Nodes of one thread against one

\`run ${sweep}\`, interleaved, ${rows[0].seconds.length} rounds: median and range, whole commands; the ratio is to one node in the same round. The last
column is what the tasks took in their threads, all together: where it grows with the nodes, the machine is slower per core when more
of its cores compute. Aim for two nodes: 1.85.

${markdownTable([['nodes', 'wall clock', 'ratio', 'in threads'], ...rows.map((row) => nodesCells(row, rows[0]))], FOUR)}
`;

const simulatedSection = (rows: readonly NodesRun[]): string => `## Simulated nodes

Tasks that cost nothing, on simulated nodes: each has a connection, a slot, a heartbeat and everything else that a node has, except for a thread
of its own; 500 of them share a process. Processor: seconds that server, orchestrator and all nodes together used. Answer: from a question to the
stored state of a stream, asked by one more client during the run.

${markdownTable(
  [
    [
      'nodes',
      'tasks',
      'wall clock',
      'tasks a second',
      'processor',
      'server',
      'nodes',
      'sent a second',
      'answer, median and most',
      'lost connections',
      'tasks of a node',
    ],
    ...rows.map(({ nodes, tasks, seconds: s, busy, memory, sent, answer, lost, fewest, most }) => [
      String(nodes),
      String(tasks),
      seconds(s),
      (tasks / s).toFixed(0),
      [busy.server, busy.orchestrator, busy.nodes].map((value) => value.toFixed(0)).join(', '),
      megabytes(memory.server),
      megabytes(memory.nodes),
      sent.toFixed(0),
      `${answer.median.toFixed(1)}, ${answer.most.toFixed(0)} ms`,
      String(lost),
      `${fewest} to ${most}`,
    ]),
  ],
  NUMBERS,
)}
`;

const mergeSection = (rows: readonly MergeRow[]): string => `## Merging shards

\`edgesweep merge\` of the directories of all shards of a sweep with 1000 runs per cell, every task recorded, with a heap of at most ${HEAP} MB; every
line is checked, and the tables are written.

${markdownTable(
  [
    ['outcomes', 'shards', 'journal', 'wall clock', 'processor', 'per outcome', 'peak memory'],
    ...rows.map(({ tasks, shards, bytes, seconds: s, busy, memory }) => [
      String(tasks),
      String(shards),
      `${(bytes / 1e9).toFixed(2)} GB`,
      seconds(s),
      seconds(busy),
      `${((1e6 * busy) / tasks).toFixed(1)} µs`,
      megabytes(memory),
    ]),
  ],
  NUMBERS,
)}
`;

/** What follows from the numbers. */
const WAY = `## What breaks first, and the way to 10^8 tasks

- **Heartbeats** broke first: every node heard every other, N² / 2 messages per second. Nodes now hear others only for a while after a task failed on them.
- **Connections** break next where nodes get too little of their processor. With two cores and a load of 35 to 60 by other work, 1,000 nodes did not start:
  they took more than five seconds to answer, so connections timed out and were made again at once, which took still more of the processor. Nodes now
  wait longer after each failed attempt. On an idle machine, none of 1,000 connections is lost.
- **The list of nodes** came third: the orchestrator counted all nodes for its progress line with every outcome. It now keeps the count.
- **Orchestrator and server** bound the rate. Beyond its computation a task costs half a millisecond of one core over all processes, and nearly two with
  1,000 nodes, which take fewer tasks at once. So one server and one orchestrator hand out one to four thousand tasks per second on two cores, and more nodes
  make no difference unless tasks are long enough: 1,000 nodes of one thread need tasks of a second or more.
- **Memory of the server** grows with the tasks, about half a kilobyte each: 10^7 tasks need 5 GB.
- **Cells** bound the memory of \`run\`, \`merge\` and \`table\`: about 3 KB for each, whatever the number of runs.

For 10^8 tasks, take ten sweeps of 10^7, the limit of one sweep, split by the outermost key of the grid. Run each in shards, \`run --shard K/N\`: a server, an
orchestrator and a directory for each shard. No two shards have anything in common until [\`merge\`](commands.md#merge) reads
their journals, once, at the speed above. Series do not pass through the memory of a merge: they are linked. Between machines, series of 10^6
trainings are better kept in an object store than copied: a series file is named by its task and checked by its digest, so any store that gives back
the bytes will do, mounted or copied as the \`series\` folder of a directory.
`;

function nodesCells({ nodes, seconds: own, inThreads }: NodesRow, one: NodesRow): string[] {
  const ratios = own.map((value, round) => one.seconds[round] / value);
  const ratio = `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
  return [String(nodes), spread(own), ratio, spread(inThreads)];
}
