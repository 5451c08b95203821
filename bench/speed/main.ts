/**
 * Times the built engines and commands, beside PyTorch where it is installed; see `--help`. On standard output the report, progress
 * on standard error; all numbers are kept in bench/results/.
 */
import { measureSize } from '../size/size.ts';
import { say, startBenchmark } from './benchmark.ts';
import { checkEngines, checkPyTorch } from './check.ts';
import { timeCommands, timeThreads } from './commands.ts';
import { startPyTorch } from './pytorch.ts';
import { type Report, render } from './report.ts';
import { SHAPES } from './shapes.ts';
import { timeStartup } from './startup.ts';
import { timeShape } from './time-shape.ts';

const HELP = `node --import tsx bench/speed/main.ts [--quick] [--markdown FILE]

Needs the built package (npm run build) and an idle machine; takes about six minutes.

  --quick          a few seconds, to see that everything works; the numbers mean little
  --markdown FILE  also writes the report to FILE
`;

const { quick, machine, effort, finish } = await startBenchmark(HELP);

const pytorch = await startPyTorch();
say('checking');
const lossesEqualToTheBit = SHAPES.reduce((sum, shape) => sum + checkEngines(shape), 0);
const pytorchCheck = pytorch === undefined ? null : checkPyTorch(pytorch);

const shapes = [];
for (const shape of SHAPES) {
  say(`timing ${shape.label}`);
  shapes.push(await timeShape(shape, pytorch, effort));
}
pytorch?.close();

say('timing commands');
const tables = [
  { words: ['table-4.1'], aim: 10 },
  { words: ['table-4.2'], aim: 3 },
];
const commands = await timeCommands(quick ? [{ words: ['smoke'] }] : tables, quick ? 1 : 5);
const threads = await timeThreads(quick ? ['smoke', '--runs', '20'] : ['table-4.1'], quick ? 1 : 5);

const startup = await timeStartup(quick ? 1 : 11);

say('installing the package');
const size = await measureSize();

const report: Report = {
  command: quick ? 'node --import tsx bench/speed/main.ts --quick' : 'make bench',
  date: new Date().toISOString(),
  machine,
  torch: pytorch?.version ?? null,
  effort,
  check: { lossesEqualToTheBit, pytorch: pytorchCheck },
  shapes,
  commands,
  threads: threads ?? null,
  startup,
  size,
};
finish(report, { prefix: '', heading: 'Benchmarks', text: render(report) });
