import { visible } from '../../shared/mod.ts';
import { askRun, type RunAction } from '../control/mod.ts';
import { sayCounts } from '../say-counts.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { FollowedSweep } from './follow/mod.ts';
import type { AuditLine } from './wire.ts';

/** Asks the run of a directory, and records it with the counts before and after. @throws EdgesweepError USAGE where no run listens */
export async function askRunOf(
  { directory, id, run }: FollowedSweep,
  action: RunAction,
  audit: AuditTrail,
): Promise<AuditLine> {
  const { message, before, after } = await askRun(directory, { action, by: `edgesweep ui (process ${process.pid})` });
  const counts = `before: ${sayCounts(before)}; after: ${sayCounts(after)}`;
  const line = audit.add(id, `${action} ${visible(directory)}: ${message} (${counts})`);
  await run.askAgain();
  return line;
}
