/**
 * Times the built engines and commands, beside PyTorch where it is installed; see `--help`. On standard output the report, progress
 * on standard error; all numbers are kept in bench/results/.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkEngines, checkPyTorch } from './speed/check.ts';
import { timeCommands, timeThreads } from './speed/commands.ts';
import { describeMachine, idleWarning } from './speed/machine.ts';
import { startPyTorch } from './speed/pytorch.ts';
import { type Report, render } from './speed/report.ts';
import { SHAPES } from './speed/shapes.ts';
import { timeShape } from './speed/time-shape.ts';

const HELP = `node --import tsx bench/main.ts [--quick] [--markdown FILE]

Needs the built package (npm run build) and an idle machine; takes about three minutes.

  --quick          a few seconds, to see that everything works; the numbers mean little
  --markdown FILE  also writes the report to FILE
`;

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, markdown: { type: 'string' }, help: { type: 'boolean' } },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const quick = options.quick ?? false;
const effort = quick ? { rounds: 2, secondsPerSample: 0.01 } : { rounds: 11, secondsPerSample: 0.2 };
const say = (text: string) => process.stderr.write(`${text}\n`);

const machine = await describeMachine();
const warning = idleWarning(machine);
if (warning !== undefined) say(warning);

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

const report: Report = {
  command: quick ? 'node --import tsx bench/main.ts --quick' : 'make bench',
  date: new Date().toISOString(),
  machine,
  torch: pytorch?.version ?? null,
  effort,
  check: { lossesEqualToTheBit, pytorch: pytorchCheck },
  shapes,
  commands,
  threads: threads ?? null,
};
const folder = fileURLToPath(new URL('./results/', import.meta.url));
mkdirSync(folder, { recursive: true });
const file = join(folder, `${report.date.slice(0, 19).replaceAll(':', '-')}-${machine.revision}.json`);
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
say(`all numbers: ${relative(process.cwd(), file)}`);

const text = render(report);
process.stdout.write(text);
if (options.markdown !== undefined) writeFileSync(options.markdown, `# Benchmarks\n\n${text}`);
if (warning !== undefined) say(warning);
