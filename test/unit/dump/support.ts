import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { dumpCommand } from '../../../orchestrator/commands/dump.ts';
import { EdgesweepError, packageRoot } from '../../../shared/mod.ts';
import { makeFolder } from '../../support/mod.ts';

/** The settings of table-4.1, smaller and varied by `--set`. */
export const SMALL = [
  'grid.dataset={kind: synthetic, examples: 12, dimensions: 4, outputs: 3}',
  'grid.width=5',
  'search.steps=10',
];

/** Dumps one trial of table-4.1 to a temporary folder; cells in the order linear, tanh, relu, sigmoid. */
export function dump(options: {
  set?: readonly string[];
  cell?: number;
  run?: number;
  rung?: number;
  out?: string;
}): string {
  const { set = SMALL, cell = 1, run = 0, rung = 0, out = join(makeFolder(), 'trial') } = options;
  return dumpCommand({ sweep: 'table-4.1', overrides: { flags: { set } }, cell, run, rung, out });
}

/** A small sweep of trajectories, varied by `--set`; cells in the order linear, tanh, relu, sigmoid. */
export const TRAJECTORIES = `
name: small
title: Small
experiment: trajectory
grid:
  activation: [linear, tanh, relu, sigmoid]
  depth: 3
  width: 5
  dataset: {kind: synthetic, examples: 22, dimensions: 4, outputs: 3}
  scheme: {kind: constant, stepSize: 0.05}
trajectory: {iterations: 30, every: 7}
`;

export function trajectorySweep(): string {
  const file = join(makeFolder(), 'small.yaml');
  writeFileSync(file, TRAJECTORIES);
  return file;
}

/** Dumps one training of `TRAJECTORIES` to a temporary folder. */
export function dumpTraining(options: {
  set?: readonly string[];
  cell?: number;
  run?: number;
  iterations?: readonly number[];
  dense?: boolean;
  out?: string;
}): string {
  const { set = [], cell = 1, run = 0, out = join(makeFolder(), 'training'), ...others } = options;
  return dumpCommand({ sweep: trajectorySweep(), overrides: { flags: { set } }, cell, run, out, ...others });
}

export const readTraining = (folder: string) => JSON.parse(readFileSync(join(folder, 'trajectory.json'), 'utf8'));

export function refusal(action: () => unknown): EdgesweepError {
  try {
    action();
  } catch (error) {
    if (error instanceof EdgesweepError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export type Npy = { type: string; shape: number[]; values: number[] };

/** Reads a `.npy` file by the format's specification, as strictly as it is written. */
export function parseNpy(bytes: Buffer): Npy {
  if (bytes.toString('latin1', 0, 8) !== '\x93NUMPY\x01\x00') throw new Error('no .npy file of version 1.0');
  const start = 10 + bytes.readUInt16LE(8);
  if (start % 64 !== 0) throw new Error(`the data begin at ${start}, no multiple of 64`);
  const header = bytes.toString('latin1', 10, start);
  const [, type, tuple] =
    /^\{'descr': '(<[fi]4)', 'fortran_order': False, 'shape': \(((?:\d+, ?)+)\), \} *\n$/.exec(header) ?? [];
  if (type === undefined) throw new Error(`cannot read the header ${header}`);
  const shape = tuple.split(',').slice(0, -1).map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== start + 4 * count) throw new Error(`${bytes.length - start} bytes for shape ${shape}`);
  const read = type === '<f4' ? bytes.readFloatLE.bind(bytes) : bytes.readInt32LE.bind(bytes);
  return { type, shape, values: Array.from({ length: count }, (_, i) => read(start + 4 * i)) };
}

export const readNpy = (folder: string, name: string): Npy => parseNpy(readFileSync(join(folder, `${name}.npy`)));

/** Changes the last value of an array of the dump. */
export function falsify(folder: string, name: string, change: (value: number) => number): void {
  const file = join(folder, `${name}.npy`);
  const bytes = readFileSync(file);
  bytes.writeFloatLE(change(bytes.readFloatLE(bytes.length - 4)), bytes.length - 4);
  writeFileSync(file, bytes);
}

export const readTrial = (folder: string) => JSON.parse(readFileSync(join(folder, 'trial.json'), 'utf8'));

/** The one of `make test-peers`; else Debian's own, see `pythonEnvironment`. */
export const PYTHON = process.env.EDGESWEEP_TEST_PYTHON ?? 'python3';

/** Skips the test, with the reason, where Python lacks the module; `make test-peers`, which has installed it, fails instead. */
export function requirePython({ skip }: Pick<TestContext, 'skip'>, module: string): void {
  const code = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  const { status } = spawnSync(PYTHON, ['-c', code], { env: pythonEnvironment() });
  if (status === 0) return;
  const reason = `${PYTHON} has no module ${module}; \`make test-peers\` installs it`;
  if (process.env.EDGESWEEP_TEST_PYTHON !== undefined) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  skip(reason);
}

/** Debian's own Python first, which is the one that has its packages. */
export function pythonEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `/usr/bin:${process.env.PATH ?? ''}`, ...extra };
}

export const python = (code: string, ...args: string[]): string =>
  execFileSync(PYTHON, ['-c', code, ...args], { env: pythonEnvironment(), encoding: 'utf8' });

export function runPeer(args: readonly string[], { input = '', environment = {} } = {}) {
  const script = join(packageRoot(), 'peers/pytorch.py');
  const options = { env: pythonEnvironment(environment), encoding: 'utf8', input } as const;
  const { status, stdout, stderr } = spawnSync(PYTHON, [script, ...args], options);
  return { status, stdout, stderr };
}
