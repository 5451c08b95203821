import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, Task } from '../../shared/mod.ts';
import { type Cluster, encode, getFile, publishOnce, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { purgeTask } from './consumer.ts';
import { removeMessage } from './remove-message.ts';

/**
 * The series of a recorded result stay on the server as long as the result: each is worth nothing without the other, another
 * orchestrator may still want both, and a long task is dear. A result whose series is lost is removed with what is left of it.
 */

/** Of three servers, one that has just missed a write may answer: how often it is asked again, and after how long. */
const TRIES = 4;
const LAG_MS = 500;

/** @throws when nobody answers */
export async function fetchSeries(
  cluster: Cluster,
  sweep: string,
  { task, provenance: { file } }: Outcome,
): Promise<{ file: Uint8Array } | { problem: string }> {
  if (file === undefined) return { problem: 'its result names none' };
  const { sha256, bytes } = file;
  const most = cluster.nc.info?.cluster === undefined ? 1 : TRIES;
  let problem = '';
  for (let tries = 0; tries < most; tries++) {
    if (tries > 0) await sleep(LAG_MS);
    const got = await getFile(cluster, STREAMS.series, bytes, (part) => SUBJECTS.series(sweep, task.id, sha256, part));
    if (got === undefined) problem = 'the server does not have all of it';
    else if (createHash('sha256').update(got).digest('hex') !== sha256) problem = 'it is damaged';
    else return { file: got };
  }
  return { problem };
}

/** @param seq of the message with the result, so that no later one is removed in its stead */
export async function removeResult(cluster: Cluster, sweep: string, outcome: Outcome, seq: number): Promise<void> {
  const { task, provenance } = outcome;
  const subject = SUBJECTS.result(sweep, task.id);
  const now = await cluster.jsm.direct.getMessage(STREAMS.results, { last_by_subj: subject });
  // another orchestrator has removed it, and the parts that are there now may be those of the next result
  if (now?.seq !== seq) return;
  // before the result: a damaged part would stand in the way of the right one
  if (provenance.file !== undefined)
    await cluster.jsm.streams.purge(STREAMS.series, {
      filter: SUBJECTS.series(sweep, task.id, provenance.file.sha256, '*'),
    });
  await removeMessage(cluster, STREAMS.results, subject, seq);
}

/** Sends a task that was done once more. */
export async function sendAgain(cluster: Cluster, sweep: string, task: Task): Promise<void> {
  // its acknowledged message would stand in the way
  await purgeTask(cluster, sweep, task.id);
  // one that does not arrive is found missing later
  await publishOnce(cluster.js, SUBJECTS.task(sweep, task.id), encode(task));
}

/** Those of a task that is done, or of all. What stays is of no use and expires, so nothing is said if that fails. */
export async function purgeCheckpoints({ jsm }: Cluster, sweep: string, task = '*'): Promise<void> {
  await jsm.streams.purge(STREAMS.checkpoints, { filter: `es.checkpoint.${sweep}.${task}.*.*` }).catch(() => {});
}
