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
  nodes: readonly NodesRow[],
  sweep: string,
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

## Nodes of one thread against one

\`run ${sweep}\`, interleaved, ${nodes[0].seconds.length} rounds: median and range, whole commands; the ratio is to one node in the same round. The last
column is what the tasks took in their threads, all together: where it grows with the nodes, the machine is slower per core when more
of its cores compute. Aim for two nodes: 1.85.

${markdownTable([['nodes', 'wall clock', 'ratio', 'in threads'], ...nodes.map((row) => nodesCells(row, nodes[0]))], { align: right })}
`;
}

function nodesCells({ nodes, seconds: own, inThreads }: NodesRow, one: NodesRow): string[] {
  const ratios = own.map((value, round) => one.seconds[round] / value);
  const ratio = `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
  return [String(nodes), spread(own), ratio, spread(inThreads)];
}
