import type { Counts } from './cluster/standing.ts';

/** Tasks of a sweep on a server, or of a run, by what became of them. */
export const sayCounts = ({ done, running, pending, failed, total }: Counts): string =>
  `${done} done, ${running} running, ${pending} pending, ${failed} failed, ${total} in all`;
