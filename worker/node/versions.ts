import { oneLine, softwareVersion } from '../../shared/mod.ts';
import { isIntact, type SweepEntry } from '../../shared/protocol/mod.ts';

/** What a node knows of sweeps that another version of edgesweep sends. */
export type Versions = {
  /** The list of sweeps as it is now. */
  look(entries: readonly SweepEntry[]): void;
  /**
   * A message that should be a task and cannot be read: has another build written it? Two of them may have one version number. Then this
   * node takes nothing more of the sweep, and says so once.
   */
  areToBlame(sweep: string, task: string, data: Uint8Array, problem: string): boolean;
  isUnreadable(sweep: string): boolean;
  /** keys of the sweeps on the list with tasks that this node cannot read */
  unreadable(): string[];
};

export function watchVersions(note: (text: string) => void): Versions {
  let listed = new Map<string, SweepEntry>();
  /** by key: the version that sends what cannot be read */
  const senders = new Map<string, string>();
  const isUnreadable = (sweep: string) => senders.has(sweep) && senders.get(sweep) === listed.get(sweep)?.version;
  return {
    look(entries) {
      listed = new Map(entries.map((entry) => [entry.key, entry]));
    },
    areToBlame(sweep, task, data, problem) {
      const entry = listed.get(sweep);
      if (entry === undefined || !isIntact(data, task)) return false;
      if (!isUnreadable(sweep))
        note(
          `sweep ${entry.name} has tasks that this node (edgesweep ${softwareVersion()}) cannot read, so it takes none of them; install the build of edgesweep that sends them (${oneLine(entry.version)}); ${oneLine(problem)}`,
        );
      senders.set(sweep, entry.version);
      return true;
    },
    isUnreadable,
    unreadable: () => [...senders.keys()].filter(isUnreadable),
  };
}
