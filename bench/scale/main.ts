/**
 * How far it scales: expansion and resumption of 10^6 tasks, tasks a second through one nats-server, memory, and several nodes against
 * one, simulated nodes, and merges of shards. Writes a report to the file that `--markdown` names; `--quick` for a small run, `--only` for
 * some of local, throughput, nodes, simulated and merge, `--tasks` and `--simulated` for other numbers of tasks and simulated nodes,
 * `--revision` where the files were copied without their history.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, idleWarning } from '../speed/machine.ts';
import { measureNodes, measureThroughput, type ThroughputRow } from './cluster.ts';
import { measureLocal } from './local.ts';
import { type MergeRow, measureMerge } from './merge.ts';
import { measureSimulated, type NodesRun } from './nodes.ts';
import { type Measurements, render } from './report.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    tasks: { type: 'string' },
    only: { type: 'string' },
    simulated: { type: 'string' },
    markdown: { type: 'string' },
    revision: { type: 'string' },
  },
});
const quick = options.quick ?? false;
const say = (text: string) => process.stderr.write(`${text}\n`);
const measured = await describeMachine();
const machine = { ...measured, revision: options.revision ?? measured.revision };
const warning = idleWarning(machine);
if (warning !== undefined) say(warning);
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-scale-'));
const parts: readonly string[] = options.only?.split(',') ?? ['local', 'throughput', 'nodes', 'simulated', 'merge'];
const sizesOf = (whole: readonly number[], small: readonly number[]): readonly number[] =>
  options.tasks?.split(',').map(Number) ?? (quick ? small : whole);
const measurements: Measurements = {};
try {
  if (parts.includes('local')) {
    say('expanding and resuming');
    measurements.local = await measureLocal(folder, quick ? 10_000 : 1_000_000);
  }
  if (parts.includes('throughput')) {
    const rows: ThroughputRow[] = [];
    for (const tasks of sizesOf([10_000, 100_000, 1_000_000], [1_000])) {
      say(`${tasks} tasks through one server`);
      rows.push(await measureThroughput(folder, tasks, 1));
    }
    measurements.throughput = rows;
  }
  if (parts.includes('nodes')) {
    say('one node and more');
    const sweep = quick ? ['smoke', '--runs', '10'] : ['table-4.1', '--runs', '100'];
    const counts = [1, 2, 4, 8].filter((nodes) => nodes <= machine.cores);
    measurements.nodes = {
      rows: await measureNodes(folder, sweep, counts, quick ? 1 : 3),
      sweep: sweep.join(' '),
    };
  }
  if (parts.includes('simulated')) {
    const rows: NodesRun[] = [];
    for (const nodes of options.simulated?.split(',').map(Number) ?? (quick ? [20] : [10, 100, 1000])) {
      for (const tasks of sizesOf([nodes < 1000 ? 100_000 : 1_000_000], [1_000])) {
        say(`${tasks} tasks on ${nodes} simulated nodes`);
        rows.push(await measureSimulated(folder, nodes, tasks));
      }
    }
    measurements.simulated = rows;
  }
  if (parts.includes('merge')) {
    const rows: MergeRow[] = [];
    for (const tasks of sizesOf([100_000, 1_000_000, 10_000_000], [10_000])) {
      say(`merging ${tasks} outcomes`);
      rows.push(await measureMerge(folder, tasks, 10));
    }
    measurements.merges = rows;
  }
  const report = render(machine, warning, measurements);
  process.stdout.write(report);
  if (options.markdown !== undefined) writeFileSync(options.markdown, report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
