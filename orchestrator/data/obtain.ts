import { hash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EdgesweepError, type ImageKind } from '../../shared/mod.ts';
import { type DownloadOptions, download } from './download.ts';
import { SOURCES, type Source } from './sources.ts';

export type ObtainOptions = Omit<DownloadOptions, 'most' | 'onProgress'> & {
  /** an address or a path, of a folder with the files or of the only file; undefined: the official addresses */
  from: string | undefined;
  /** of the data set that is wanted, if it is not the published one */
  digest?: string | undefined;
  onProgress(file: string, done: number, total: number | undefined): void;
  note(text: string): void;
};

/** Puts the files of a data set, as they are distributed, into a folder. Those that are there from an earlier try stay. */
export async function obtain(kind: ImageKind, folder: string, options: ObtainOptions): Promise<void> {
  const source = SOURCES[kind];
  for (const file of source.files) {
    const target = join(folder, file.name);
    if (existsSync(target)) continue;
    const { from } = options;
    if (from !== undefined && !isAddress(from)) copy(from, file, folder);
    else await fetchOne(kind, file, target, addresses(source, file.name, from), options);
  }
}

type File = Source['files'][number];

const isAddress = (from: string): boolean => /^[a-z]+:\/\//i.test(from);

function addresses({ folders }: Source, name: string, from: string | undefined): string[] {
  if (from === undefined) return folders.map((folder) => folder + name);
  if (from.endsWith(`/${name}`)) return [from];
  return [`${from.replace(/\/$/, '')}/${name}`];
}

function copy(from: string, { name, most }: File, folder: string): void {
  // unpacked files do as well
  const candidates = [from, join(from, name), join(from, name.replace(/\.gz$/, ''))];
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (found === undefined) {
    throw new EdgesweepError('DATA_MISSING', `${from} has no ${name}`, {
      where: from,
      expected: `a folder with ${name}, or the file itself`,
      got: existsSync(from) ? 'a folder without it' : 'nothing',
      fix: 'name the right folder with --from',
    });
  }
  const { size } = statSync(found);
  const unpacked = found.endsWith(name.replace(/\.gz$/, ''));
  if (size > most) {
    throw new EdgesweepError('DATA_DAMAGED', `${found}, byte ${most}: the file is too long`, {
      where: `${found}, byte ${most}`,
      expected: `at most ${most} bytes`,
      got: `${size} bytes`,
      fix: 'name the right file with --from',
    });
  }
  copyFileSync(found, join(folder, unpacked ? name.replace(/\.gz$/, '') : name));
}

/** Tries one address after the other. */
async function fetchOne(
  kind: ImageKind,
  { name, most, sha256: published }: File,
  target: string,
  urls: readonly string[],
  { digest, onProgress, note, ...options }: ObtainOptions,
): Promise<void> {
  const sha256 = digest === undefined ? published : undefined;
  const part = `${target}.part`;
  const refusals: string[] = [];
  for (const url of urls) {
    note(`downloading ${url}`);
    try {
      // what an earlier try left may be of another file: then once more, from the start
      for (const again of [true, false]) {
        const resumed = existsSync(part);
        await download(url, part, { ...options, most, onProgress: (done, total) => onProgress(name, done, total) });
        const got = sha256 === undefined ? undefined : hash('sha256', readFileSync(part), 'hex');
        if (got === sha256) {
          renameSync(part, target);
          return;
        }
        rmSync(part);
        if (!again || !resumed) throw differs(url, sha256, got);
      }
    } catch (error) {
      if (!(error instanceof EdgesweepError)) throw error;
      refusals.push(`${error.message}: ${error.details.got}`);
      note(refusals.at(-1) as string);
    }
  }
  throw unreachable(kind, refusals);
}

function differs(url: string, expected: string | undefined, got: string | undefined): EdgesweepError {
  return new EdgesweepError('DATA_DIFFERS', `${url} is another file`, {
    where: url,
    expected: `SHA-256 ${expected}`,
    got: `SHA-256 ${got}`,
  });
}

/** For a machine without the internet. */
function unreachable(kind: ImageKind, refusals: readonly string[]): EdgesweepError {
  const { folders, files, page } = SOURCES[kind];
  const names = files.map(({ name }) => name).join(' and ');
  return new EdgesweepError('DATA_UNREACHABLE', `${kind} cannot be downloaded`, {
    where: refusals.join('\n            '),
    expected: `${names} from one of\n            ${folders.join('\n            ')}\n            (${page})`,
    fix: `download ${names} on another machine and give \`edgesweep data fetch ${kind} --from FOLDER\`, or put them into a folder ${kind} of the data directory`,
  });
}
