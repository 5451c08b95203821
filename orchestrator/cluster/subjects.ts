import type { Cluster } from '../../shared/protocol/mod.ts';
import { hasStream } from './streams.ts';

/** The subjects of a stream that match, without their messages; none when the stream does not exist. One entry each: not for millions. */
export async function listSubjects(cluster: Cluster, stream: string, filter: string): Promise<string[]> {
  if (!(await hasStream(cluster, stream))) return [];
  const { state } = await cluster.jsm.streams.info(stream, { subjects_filter: filter });
  return Object.keys(state.subjects ?? {}).sort();
}
