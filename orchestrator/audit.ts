import { createHmac, randomBytes } from 'node:crypto';
import { counted, isExact, type Task } from '../shared/mod.ts';
import { type AuditFile, readAuditFile, type SetAside, writeAuditFile } from './directory/mod.ts';

/** The audit of a sweep directory: which tasks are computed twice, and which nodes were found to give other results. */
export type Audit = {
  /** Is any task computed twice? */
  readonly isOn: boolean;
  /** Is the task computed twice? The same at every call and in every run of the directory, and not to be foreseen without its secret. */
  isChosen(task: Task): boolean;
  /** A second computation agreed with the first, or did not. */
  count(): void;
  readonly setAside: readonly SetAside[];
  /** Resolves once the finding is on the disk. @throws DISK */
  setNodeAside(found: Omit<SetAside, 'time'>): Promise<void>;
  /** for the user, at the end of a run; undefined without audits */
  summary(): string | undefined;
};

/** Nothing is audited, and nobody was found. */
export const NO_AUDIT: Audit = {
  isOn: false,
  isChosen: () => false,
  count() {},
  setAside: [],
  setNodeAside: async () => {},
  summary: () => undefined,
};

/**
 * @param share of the tasks to compute twice, from 0 to 1; with 0 only what earlier runs found counts
 * @throws DIRECTORY_UNREADABLE, DISK
 */
export async function openAudit(directory: string, share: number): Promise<Audit> {
  const found = await readAuditFile(directory);
  let file: AuditFile = found ?? { secret: randomBytes(32).toString('hex'), setAside: [] };
  if (found === undefined && share > 0) await writeAuditFile(directory, file);
  const secret = Buffer.from(file.secret, 'hex');
  let audited = 0;
  return {
    isOn: share > 0,
    isChosen: ({ id, numerics }) =>
      share > 0 &&
      isExact(numerics) &&
      createHmac('sha256', secret).update(id).digest().readUInt32BE() < share * 2 ** 32,
    count() {
      audited += 1;
    },
    get setAside() {
      return file.setAside;
    },
    async setNodeAside(node) {
      if (file.setAside.some(({ key }) => key === node.key)) return;
      file = { ...file, setAside: [...file.setAside, { ...node, time: new Date().toISOString() }] };
      await writeAuditFile(directory, file);
    },
    summary() {
      if (share === 0) return undefined;
      const nodes =
        file.setAside.length === 0 ? '' : `; set aside: ${file.setAside.map(({ node }) => node).join(', ')}`;
      return `audit: ${counted(audited, 'task')} computed a second time${nodes}`;
    },
  };
}
