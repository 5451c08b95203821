import { EdgesweepError, type ImageKind, messageOf, type Part, packagedFile } from '../../shared/mod.ts';

/** A file that cannot be what it is called. `byte` is of the file as it lies there, unless the message says "unpacked". */
export function damaged(
  file: string,
  byte: number,
  message: string,
  { expected, got, cause }: { expected: string; got: string; cause?: unknown },
): EdgesweepError {
  return new EdgesweepError('DATA_DAMAGED', `${file}, byte ${byte}: ${message}`, {
    where: `${file}, byte ${byte}`,
    expected,
    got,
    fix: 'download the file again (`edgesweep data fetch`), or replace it with a good copy',
    ...(cause !== undefined && { cause }),
  });
}

/** What the operating system does not let us read. */
export function unreadable(path: string, cause: unknown): EdgesweepError {
  const got = messageOf(cause);
  return new EdgesweepError('DATA_UNREADABLE', `${path} cannot be read`, {
    where: path,
    expected: 'a folder or file that this user may read',
    got,
    fix: 'change its permissions, or name another folder with --data-dir',
    cause,
  });
}

/** Where the files of a data set may lie, for a user who does not have them. */
export function missing(
  kind: ImageKind,
  part: Part,
  folders: readonly string[],
  found: string | undefined,
): EdgesweepError {
  const where = folders.length === 0 ? 'no data directory is set' : folders.join(', ');
  return new EdgesweepError(
    'DATA_MISSING',
    `the ${part === 'test' ? 'test' : 'data'} set ${part === 'test' ? 'of ' : ''}${kind} is missing`,
    {
      where,
      expected: `its files in a folder ${kind} of a data directory (--data-dir, EDGESWEEP_DATA, \`data.directory\` of the sweep)`,
      got: found ?? 'none of them',
      fix: `run \`edgesweep data fetch ${kind}\`; ${packagedFile('docs/data.md')} lists the sources and the folders`,
    },
  );
}
