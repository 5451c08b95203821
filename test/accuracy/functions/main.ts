/**
 * Measures the error of the float32 functions over their arguments, on all cores, and writes docs/functions.md. Takes minutes.
 *
 *     node --import tsx test/accuracy/functions/main.ts
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Piscina } from 'piscina';
import { CASES } from './cases.ts';
import { document } from './document.ts';
import { combine, type Measured, NOTHING } from './error.ts';
import type { Job } from './thread.ts';

const SIGN = 0x80000000;
/** bits of 2^-32, 2^8, infinity, and from one power of two to the next */
const [SMALL, LARGE, INFINITY, OCTAVE] = [0x2f800000, 0x43800000, 0x7f800000, 0x00800000];
const EVERY = 1021;

function jobsOf(name: string): Job[] {
  return [0, SIGN].flatMap((sign) => [
    { name, from: sign, to: sign + SMALL, stride: EVERY },
    ...Array.from({ length: (LARGE - SMALL) / OCTAVE }, (_, i) => {
      const from = sign + SMALL + i * OCTAVE;
      return { name, from, to: from + OCTAVE, stride: 1 };
    }),
    { name, from: sign + LARGE, to: sign + INFINITY, stride: EVERY },
  ]);
}

function revision(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'worker', 'bench') !== '';
  return git('rev-parse', '--short=12', 'HEAD') + (changed ? ' with changes' : '');
}

const pool = new Piscina<Job, Measured>({
  filename: new URL('./thread.ts', import.meta.url).href,
  name: 'measureJob',
  execArgv: ['--import', 'tsx'],
});
const measured = new Map<string, Measured>();
for (const { name, bound } of CASES) {
  const parts = await Promise.all(jobsOf(name).map((job) => pool.run(job)));
  const found = parts.reduce(combine, NOTHING);
  measured.set(name, found);
  const holds = found.error <= bound;
  if (!holds) process.exitCode = 1;
  console.log(`${name}: ${found.error.toFixed(3)} ulp at ${found.at}, ${holds ? 'within' : 'BEYOND'} ${bound}`);
}
await pool.destroy();
const target = new URL('../../../docs/functions.md', import.meta.url);
writeFileSync(target, document(measured, `revision ${revision()}, Node ${process.version}, ${process.arch}`));
