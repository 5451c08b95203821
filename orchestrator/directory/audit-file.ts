import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EdgesweepError, lazily, messageOf, type Parsed, publicKeySchema } from '../../shared/mod.ts';
import { writeFileAtomically } from './atomic-write.ts';
import { systemCode } from './disk-error.ts';
import { auditPath } from './layout.ts';

const setAsideSchema = lazily(() =>
  z.strictObject({
    key: publicKeySchema(),
    node: z.string().min(1).max(200),
    /** of which the node gave another result than this machine */
    task: z.string().regex(/^[0-9a-f]{32}$/),
    time: z.iso.datetime({ precision: 3 }),
  }),
);
/** A node of which a result was not what this machine computed. */
export type SetAside = Parsed<typeof setAsideSchema>;

const auditFileSchema = lazily(() =>
  z.strictObject({
    /** hexadecimal; decides which tasks are audited, so no node may know it */
    secret: z.string().regex(/^[0-9a-f]{64}$/),
    setAside: z.array(setAsideSchema()),
  }),
);
export type AuditFile = Parsed<typeof auditFileSchema>;

/** Undefined in a directory that was never audited. @throws DIRECTORY_UNREADABLE */
export async function readAuditFile(directory: string): Promise<AuditFile | undefined> {
  const path = auditPath(directory);
  try {
    return auditFileSchema().parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'cannot read the record of the audits of the sweep directory', {
      where: path,
      expected: 'the file that `edgesweep run --audit` writes',
      got: cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause),
      fix: 'remove it; nodes that were set aside may then compute tasks of this sweep again',
      cause,
    });
  }
}

/** Only its owner may read it. @throws DISK */
export const writeAuditFile = (directory: string, file: AuditFile): Promise<void> =>
  writeFileAtomically(auditPath(directory), `${JSON.stringify(file, null, 2)}\n`, 0o600);
