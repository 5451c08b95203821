import type { Cluster } from '../../shared/protocol/mod.ts';

/**
 * Removes the message of a subject, if it is still the one with that sequence number: a stream that was made anew numbers others so.
 *
 * Not by a purge of the subject: in server 2.9 that moves every consumer whose filter has the subject to the end of the stream, and what
 * it has not yet delivered is never read.
 * @returns whether there was one
 */
export async function removeMessage({ jsm }: Cluster, stream: string, subject: string, seq?: number): Promise<boolean> {
  const now = await jsm.direct.getMessage(stream, { last_by_subj: subject });
  if (now === null || (seq !== undefined && now.seq !== seq)) return false;
  return jsm.streams.deleteMessage(stream, now.seq).catch(() => false);
}
