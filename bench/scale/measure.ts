import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../../test/support/processes.ts';

/** The largest resident memory that a process has had, in bytes (Linux); 0 where it cannot be told. */
export function peakMemory(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return 0;
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Seconds of the processor that a process has used (Linux, where a tick is a hundredth); 0 where it cannot be told. */
export function processorTime(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  // the name of the program, in parentheses, may hold blanks
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export type Measured = {
  seconds: number;
  /** seconds of the processor, until shortly before the end */
  busy: number;
  memory: number;
  code: number | null;
  stdout: string;
  stderr: string;
};

/** Runs a program to its end and measures wall clock, processor and peak memory. */
export async function measure(running: Running): Promise<Measured> {
  const started = performance.now();
  let memory = 0;
  let busy = 0;
  let over = false;
  const ended = running.ended.finally(() => {
    over = true;
  });
  while (!over) {
    memory = Math.max(memory, peakMemory(running.child.pid ?? 0));
    busy = Math.max(busy, processorTime(running.child.pid ?? 0));
    await Promise.race([ended, sleep(20)]);
  }
  const { code } = await ended;
  return {
    seconds: (performance.now() - started) / 1000,
    busy,
    memory,
    code,
    stdout: running.stdout,
    stderr: running.stderr,
  };
}

export function requireSuccess(what: string, { code, stderr }: Measured): void {
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${stderr}`);
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
