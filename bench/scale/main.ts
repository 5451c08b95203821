/**
 * How far it scales: expansion and resumption of 10^6 tasks, tasks a second through one nats-server, memory, and several nodes against
 * one. Writes a report to the file that `--markdown` names; `--quick` for a small run, `--tasks` for other sizes,
 * `--revision` where the files were copied without their history.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, idleWarning } from '../speed/machine.ts';
import { measureNodes, measureThroughput, type ThroughputRow } from './cluster.ts';
import { measureLocal } from './local.ts';
import { render } from './report.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    tasks: { type: 'string' },
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
try {
  say('expanding and resuming');
  const local = await measureLocal(folder, quick ? 10_000 : 1_000_000);
  const throughput: ThroughputRow[] = [];
  const sizes = quick ? [1_000] : (options.tasks ?? '10000,100000,1000000').split(',').map(Number);
  for (const tasks of sizes) {
    say(`${tasks} tasks through one server`);
    throughput.push(await measureThroughput(folder, tasks, 1));
  }
  say('one node and more');
  const sweep = quick ? ['smoke', '--runs', '10'] : ['table-4.1', '--runs', '30'];
  const counts = [1, 2, 4, 8].filter((nodes) => nodes <= machine.cores);
  const nodes = await measureNodes(folder, sweep, counts, quick ? 1 : 3);
  const report = render(machine, warning, local, throughput, nodes, sweep.join(' '));
  process.stdout.write(report);
  if (options.markdown !== undefined) writeFileSync(options.markdown, report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
