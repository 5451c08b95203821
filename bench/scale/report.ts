import { markdownTable } from 'markdown-table';
import type { Machine } from '../speed/machine.ts';
import type { NodesRow, ThroughputRow } from './cluster.ts';
import type { LocalRow } from './local.ts';
import { median, megabytes } from './measure.ts';

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const spread = (values: readonly number[]): string =>
  `${seconds(median(values))} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;

export function render(
  machine: Machine,
  warning: string | undefined,
  local: readonly LocalRow[],
  throughput: readonly ThroughputRow[],
  nodes: NodesRow,
): string {
  const right = ['l', 'r', 'r', 'r'];
  return `# Scale

Made by \`make scale\`, revision ${machine.revision}, Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, ${machine.platform}.
${warning === undefined ? '' : `\n${warning}\n`}
## One machine

${markdownTable([['what', 'wall clock', 'peak memory', 'aim'], ...local.map((row) => [row.what, seconds(row.seconds), megabytes(row.memory), row.aim])], { align: right })}

## Tasks through one nats-server

Tasks that cost nothing, two worker nodes of one thread, server, orchestrator and nodes all on this machine; from the start of the
command to its end, every outcome fsynced in the journal. Aim: 2000 a second.

${markdownTable(
  [
    ['tasks', 'wall clock', 'tasks a second', 'server', 'orchestrator', 'a worker'],
    ...throughput.map(({ tasks, seconds: s, tasksPerSecond, memory }) => [
      String(tasks),
      seconds(s),
      tasksPerSecond.toFixed(0),
      megabytes(memory.server),
      megabytes(memory.orchestrator),
      megabytes(memory.worker),
    ]),
  ],
  { align: ['r', 'r', 'r', 'r', 'r', 'r'] },
)}

## Two nodes of one thread against one

\`run table-4.1\`, 40 tasks, interleaved, ${nodes.one.length} rounds: one node ${spread(nodes.one)}, two nodes ${spread(nodes.two)},
median ratio ${nodes.ratio.toFixed(2)} (aim: 1.85).
`;
}
