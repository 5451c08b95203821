import { hostname } from 'node:os';
import { EXIT, oneLine } from '../../shared/mod.ts';
import { askRun, type RunAction } from '../control/mod.ts';
import { sayCounts } from '../say-counts.ts';
import type { Context } from './command.ts';

/** Asks the run that writes to a directory, and prints the counts before and what it did. @throws EdgesweepError USAGE where no run listens */
export async function changeLocalRun(
  action: RunAction,
  directory: string,
  json: boolean,
  { stdout }: Pick<Context, 'stdout'>,
): Promise<number> {
  const by = `edgesweep ${action} (process ${process.pid} on ${hostname()})`;
  const { message, before, after } = await askRun(directory, { action, by });
  const { canPause: _, ...counts } = after;
  stdout.write(
    json
      ? `${JSON.stringify({ directory, message, ...counts, before: before.state })}\n`
      : `${oneLine(directory)}: ${message}\n  ${sayCounts(after)}\n`,
  );
  return EXIT.done;
}
