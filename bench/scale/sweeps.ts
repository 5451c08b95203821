import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A sweep of tasks that cost next to nothing: one example, one weight, one step, one rung. */
export function writeNoOpSweep(folder: string, name: string, cells: number, runs: number): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    `name: ${name}
title: tasks that cost next to nothing
experiment: maximal-step-size
runs: ${runs}
grid:
  activation: linear
  depth: 1
  width: {from: 1, to: ${cells}, step: 1}
  dataset: {kind: synthetic, examples: 1, dimensions: 1}
search: {initialStepSize: 0.1, growth: 2, steps: 1, ceiling: 0.1}
`,
  );
  return file;
}
