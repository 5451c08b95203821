import { describeCell, duration, type Outcome, oneLine, type Task } from '../../shared/mod.ts';
import type { Trace } from '../cluster/mod.ts';
import { describeResult } from '../experiments/mod.ts';
import type { TaskRecord } from './find.ts';

export function describeTask({ id, experiment, cell, run, seed, numerics }: Task): string {
  return `task ${id}\n  ${experiment}: ${describeCell(cell)}\n  run ${run}, seed ${seed}, arithmetic ${oneLine(numerics)}\n`;
}

export function describeRecord({ directory, outcome, failure, log }: TaskRecord): string {
  const failed = failure === undefined ? '' : `; it failed: ${oneLine(`${failure.message} [${failure.code}]`)}`;
  return `  in ${oneLine(directory)}: ${outcome === undefined ? `not recorded${failed}` : `recorded\n${describeOutcome(outcome)}`.trimEnd()}\n${log === undefined ? '' : `    log ${oneLine(log.path)}:\n${describeLog(log.text)}`}`;
}

/** Line by line, so that nothing in it acts on a terminal or passes for another part of what is told. */
const describeLog = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `      | ${oneLine(line)}\n`)
    .join('');

function describeOutcome(outcome: Outcome): string {
  const { provenance } = outcome;
  const { engine, host, seconds, version, node, attempts, signed } = provenance;
  return [
    `    ${describeResult(outcome)}`,
    `    on ${oneLine(host)}, engine ${oneLine(engine)}, ${duration(seconds)}, edgesweep ${oneLine(version)}, Node ${oneLine(node)}, ${attempts === 1 ? 'at the first attempt' : `at try ${attempts}`}`,
    ...(signed === undefined ? [] : [`    signed by ${oneLine(signed.node)} with ${signed.key}`]),
    '',
  ].join('\n');
}

const QUEUE: { [key in Trace['queue']]: string } = {
  waiting: 'queued',
  'handed-out': 'delivered to a node',
  absent: 'not queued',
};

export function describeTrace({ sweep, queue, outcome, attempts, failure }: Trace): string {
  const lines = [`  on the server, sweep ${sweep}: ${outcome === undefined ? QUEUE[queue] : 'has a result'}\n`];
  if (outcome !== undefined) lines.push(describeOutcome(outcome));
  if (attempts.length > 0) lines.push(`    failed ${attempts.length === 1 ? 'once' : `${attempts.length} times`}:\n`);
  for (const { node, time, error } of attempts)
    lines.push(`      ${oneLine(`${time} on ${node}: ${error.message} [${error.code}]`)}\n`);
  if (failure !== undefined) {
    lines.push(
      `    set aside: ${oneLine(`${failure.error.message} [${failure.error.code}]`)}\n`,
      ...(failure.error.log === undefined ? [] : [`    log:\n${describeLog(failure.error.log)}`]),
      `    \`edgesweep retry ${sweep} --failed\` retries it\n`,
    );
  }
  return lines.join('');
}
