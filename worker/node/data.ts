import { type DataNeed, EdgesweepError, errorLine, messageOf } from '../../shared/mod.ts';
import type { Cluster } from '../../shared/protocol/mod.ts';
import { readImages } from '../data/mod.ts';
import { getData } from './get-data.ts';

export type NodeData = {
  /** Are these files here, and the right ones? False while that is being found out; what is not here is got from the object store. */
  has(need: DataNeed): boolean;
  /** A task could not read them although they were here. */
  lost(need: DataNeed, error: EdgesweepError): void;
};

/**
 * Knows which data sets are on this machine, and gets those that the object store has.
 * @param folders data directories, the first one to write to
 * @param note gets a line for each data set that this node lacks, once
 */
export function keepData(cluster: Cluster, folders: readonly string[], note: (text: string) => void): NodeData {
  const here = new Set<string>();
  const underWay = new Set<string>();
  const lookedAt = new Map<string, number>();
  const reported = new Set<string>();
  const nameOf = ({ kind, part }: DataNeed) => (part === 'test' ? `test set of ${kind}` : `data set ${kind}`);
  const tell = (need: DataNeed, why: string) => {
    const { kind, digest } = need;
    if (reported.has(digest)) return;
    reported.add(digest);
    note(
      `this node lacks the ${nameOf(need)} (digest ${digest}) and takes no tasks that need it: ${why}; run \`edgesweep data push ${kind}\` on a machine that has it`,
    );
  };
  const find = async (need: DataNeed): Promise<void> => {
    try {
      readImages(need.kind, need.digest, folders, need.part);
    } catch (error) {
      if (!(error instanceof EdgesweepError)) throw error;
      const got = await getData(cluster, need, folders[0]);
      if (got === undefined) return tell(need, errorLine(error));
      note(`got the ${nameOf(need)} from the object store: ${got}`);
    }
    reported.delete(need.digest);
    here.add(need.digest);
  };
  return {
    has(need) {
      const { digest } = need;
      if (here.has(digest)) return true;
      const due = performance.now() - (lookedAt.get(digest) ?? Number.NEGATIVE_INFINITY) > cluster.timings.lookForData;
      if (due && !underWay.has(digest)) {
        underWay.add(digest);
        void find(need)
          .catch((error: unknown) => tell(need, messageOf(error)))
          .finally(() => {
            underWay.delete(digest);
            lookedAt.set(digest, performance.now());
          });
      }
      return here.has(digest);
    },
    lost(need, error) {
      here.delete(need.digest);
      tell(need, errorLine(error));
    },
  };
}
