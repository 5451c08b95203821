import { JetStreamApiCodes, JetStreamApiError, type StreamConfig } from '@nats-io/jetstream';
import { packagedFile } from '../../shared/mod.ts';
import { BUCKETS, type Cluster, STREAMS } from '../../shared/protocol/mod.ts';
import type { Finding } from './finding.ts';

const NAMES = [...Object.values(STREAMS), ...Object.values(BUCKETS).map((bucket) => `KV_${bucket}`)];

/** What a worker could do by way of how the streams are set up. */
export async function examineStreams({ jsm }: Cluster): Promise<Finding> {
  const what = 'streams';
  const configs: StreamConfig[] = [];
  for (const name of NAMES) {
    try {
      configs.push((await jsm.streams.info(name)).config);
    } catch (error) {
      const isAbsent = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
      if (!isAbsent) return { verdict: 'fact', what, text: 'not examined: this user may not read them' };
    }
  }
  if (configs.length === 0) return { verdict: 'fact', what, text: 'none yet: the first run creates them' };
  const update = `the next \`edgesweep run\` updates them, with the current ${packagedFile('deploy/permissions.conf')}`;
  const list = (found: StreamConfig[]) => found.map(({ name }) => name).join(', ');
  const erasable = configs.filter((config) => config.allow_rollup_hdrs);
  if (erasable.length > 0) {
    const text = `${list(erasable)} allow rollups: one message from a worker can erase what others have stored; ${update}`;
    return { verdict: 'warning', what, text };
  }
  const open = configs.filter((config) => config.max_bytes <= 0);
  if (open.length > 0) {
    const text = `${list(open)} have no size limit: one worker can fill the store; ${update}, unless max_file_store is too small`;
    return { verdict: 'warning', what, text };
  }
  return { verdict: 'ok', what, text: `${configs.length}, each with a size limit and without rollups` };
}
