import { cpus } from 'node:os';

/** Seconds of the processors: those that this process used, those that all processes did, and idle ones. */
export type ProcessorTime = { own: number; used: number; idle: number };

/** Since the start of the process and of the machine. Where the system does not tell, nothing is used and nothing is idle. */
export function processorTime(): ProcessorTime {
  const { user, system } = process.cpuUsage();
  const cores = cpus().map(({ times }) => times);
  const idle = cores.reduce((sum, times) => sum + times.idle, 0);
  const used = cores.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
  return { own: (user + system) / 1e6, used: used / 1000, idle: idle / 1000 };
}

/**
 * The share of the time spent on computing that other processes did not take: on an otherwise idle machine the same work takes that share of
 * it. What threads take from each other, and what a quota leaves unused, counts for nothing.
 * @param computing seconds of the clock in which threads of this process computed, summed over the threads
 */
export function shareLeft(computing: number, before: ProcessorTime, after: ProcessorTime): number {
  const own = after.own - before.own;
  const others = after.used - before.used - own;
  const idle = after.idle - before.idle;
  const taken = Math.min(others - idle, computing - own);
  return own > 0 && taken > 0 ? own / (own + taken) : 1;
}
