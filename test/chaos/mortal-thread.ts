import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { computeTask as compute, type ThreadJob, type ThreadReply } from '../../worker/thread.ts';

/** Every tenth task ends the first thread that computes it, after the work and before the answer. */
export async function computeTask(job: ThreadJob): Promise<ThreadReply> {
  const { id } = job.task;
  const reply = compute(job);
  if (Number.parseInt(id.slice(0, 6), 16) % 10 === 0 && dieOnce(id)) {
    process.exit(9);
    // it ends a moment later
    await sleep(60_000);
  }
  return reply;
}

function dieOnce(id: string): boolean {
  try {
    writeFileSync(join(process.env.MORTAL_THREAD_DEATHS ?? '', id), '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
