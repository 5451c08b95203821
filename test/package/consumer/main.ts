/** A user's program: compiled against the installed package by a strict compiler, then run. */
import {
  EdgesweepError,
  type ErrorCode,
  type Figure,
  figure,
  isOutcomeOf,
  type MergeResult,
  mergeDirectories,
  type OutcomeOf,
  type ProgramsOptions,
  type RunEvent,
  type RunResult,
  readOutcomes,
  readSeries,
  runSweep,
  type SweepFile,
  type Table,
  table,
} from 'edgesweep';

const sweep: SweepFile = {
  name: 'consumer',
  title: 'A sweep of a consumer',
  experiment: 'maximal-step-size',
  runs: 2,
  grid: {
    activation: ['tanh', 'relu'],
    width: { from: 4, to: 8, step: 4 },
    dataset: { kind: 'synthetic', examples: 10, dimensions: 4 },
  },
  search: { growth: 1.2, steps: 20 },
};

const seen: RunEvent['type'][] = [];
const result: RunResult = await runSweep(sweep, {
  directory: 'out',
  threads: 1,
  onEvent: ({ type }) => seen.push(type),
});
const shown: Table = await table('out', { by: ['activation'] });
const drawn: Figure = await figure(['out'], { x: 'width' });
const svg: string = await drawn.svg();
const png: Uint8Array = await drawn.png();

const merged: MergeResult = await mergeDirectories('merged', ['out']);

let steps = 0;
for await (const { task, result } of readOutcomes('out', { experiment: 'maximal-step-size' })) {
  const activation: 'tanh' | 'relu' | string = task.cell.activation;
  if (activation !== '') steps += result.steps;
}
for await (const outcome of readOutcomes('out')) {
  // @ts-expect-error: outcomes of some experiments have no step size
  outcome.result.stepSize;
  if (isOutcomeOf(outcome, 'maximal-step-size')) outcome.result.stepSize.toFixed();
  else if (isOutcomeOf(outcome, 'trajectory')) await readSeries('out', outcome satisfies OutcomeOf<'trajectory'>);
}

const codes: ErrorCode[] = [];
for (const wrong of [
  // @ts-expect-error: no such activation
  () => runSweep({ ...sweep, grid: { activation: 'swish' } }),
  // @ts-expect-error: no such experiment
  () => runSweep({ ...sweep, experiment: 'program-of-mine' }),
  // @ts-expect-error: a number is meant
  () => runSweep(sweep, { threads: '2' }),
  () => runSweep('no-such-sweep'),
]) {
  try {
    await wrong();
  } catch (error) {
    if (error instanceof EdgesweepError) codes.push(error.code);
  }
}
// @ts-expect-error: no such format
const unknown = () => shown.format('html');
const allowed: ProgramsOptions = { slots: 1, allow: { train: ['python3', 'train.py'] } };
// @ts-expect-error: a list of names is meant
const refused = () => runSweep(sweep, { programs: { ...allowed, passEnv: 'HOME' } });

const png4 = [...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('');
console.log(
  JSON.stringify({
    ...result,
    merged: merged.done,
    events: [...new Set(seen)],
    rows: shown.rows.map(({ activation, n }) => [activation, n]),
    svg: svg.slice(0, 4),
    png: png4,
    steps: steps > 0,
    codes,
    unknown: [unknown, refused].map((never) => typeof never).join(),
  }),
);
