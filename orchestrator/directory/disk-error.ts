import { EdgesweepError, messageOf } from '../../shared/mod.ts';

const MEANINGS: Record<string, { got: string; fix: string }> = {
  ENOSPC: { got: 'no space left on the device', fix: 'free some space there' },
  EDQUOT: { got: 'the disk quota is used up', fix: 'free some space there or raise the quota' },
  EFBIG: { got: 'the file is larger than the limit of the process or of the file system', fix: 'raise the limit' },
  EROFS: { got: 'the file system is read-only', fix: 'mount it writable or choose another directory' },
  EACCES: { got: 'no permission to write', fix: 'change the permissions or choose another directory' },
  EPERM: { got: 'no permission to write', fix: 'change the permissions or choose another directory' },
  ENOENT: { got: 'no such file or directory', fix: 'check the path' },
  ENOTDIR: { got: 'a part of the path is not a directory', fix: 'choose another directory' },
  ELOOP: { got: 'a symbolic link, which is not followed', fix: 'replace the link with a copy' },
  EMFILE: { got: 'this process has too many open files', fix: 'raise the limit, for instance with ulimit -n 4096' },
  ENFILE: { got: 'the machine has too many open files', fix: 'close other programs or raise the limit of the machine' },
  EIO: { got: 'the device reports an input/output error', fix: 'check the device, or copy the directory elsewhere' },
};

/** The operating system's code of an error, such as ENOSPC; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error instanceof EdgesweepError) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * A failure to write as a DISK error.
 * @param doing what could not be done, as in "cannot write the journal"
 */
export function diskError(cause: unknown, doing: string, where: string): EdgesweepError {
  const code = systemCode(cause);
  const meaning = code === undefined ? undefined : MEANINGS[code];
  const text = meaning?.got ?? messageOf(cause);
  const fix = meaning?.fix ?? 'fix the cause';
  return new EdgesweepError('DISK', `${doing}: ${text}`, {
    where,
    // Node's own message begins with the code
    got: meaning === undefined ? text : `${code}: ${text}`,
    fix: `${fix}, then rerun the same command to resume`,
    cause,
  });
}

/** Runs `action`; what the operating system refuses becomes a DISK error. */
export async function orDiskError<T>(doing: string, where: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw systemCode(error) === undefined ? error : diskError(error, doing, where);
  }
}
