import { hash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EdgesweepError, type ImageKind, type Part } from '../../shared/mod.ts';
import { download } from './download.ts';
import type { ObtainOptions } from './obtain.ts';
import { SOURCES, type Source, type SourceFile } from './sources.ts';

/**
 * Downloads the files of these parts, from the official addresses or from one of the user's own, which may lack the test set.
 * @throws EdgesweepError DATA_UNREACHABLE; the signal's reason
 */
export async function fromAddresses(
  kind: ImageKind,
  parts: readonly Part[],
  folder: string,
  options: ObtainOptions,
): Promise<void> {
  const { from, note } = options;
  const source = SOURCES[kind];
  for (const file of source.files.filter((one) => one.parts.some((part) => parts.includes(part)))) {
    const target = join(folder, file.name);
    if (existsSync(target)) continue;
    try {
      await fetchOne(kind, file, target, addresses(source, file.name, from), options);
    } catch (error) {
      const optional = from !== undefined && parts.includes('training') && !file.parts.includes('training');
      if (!optional || !(error instanceof EdgesweepError)) throw error;
      return note(`the test set is not installed: ${from} has no ${file.name}`);
    }
  }
}

function addresses({ folders }: Source, name: string, from: string | undefined): string[] {
  if (from === undefined) return folders.map((folder) => folder + name);
  if (from.endsWith(`/${name}`)) return [from];
  return [`${from.replace(/\/$/, '')}/${name}`];
}

/** Tries one address after the other. */
async function fetchOne(
  kind: ImageKind,
  { name, most, sha256: published }: SourceFile,
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
  return new EdgesweepError('DATA_DIFFERS', `${url} is a different file`, {
    where: url,
    expected: `SHA-256 ${expected}`,
    got: `SHA-256 ${got}`,
  });
}

/** For a machine without the internet. */
function unreachable(kind: ImageKind, refusals: readonly string[]): EdgesweepError {
  const { folders, files, page } = SOURCES[kind];
  const names = files.map(({ name }) => name).join(', ');
  return new EdgesweepError('DATA_UNREACHABLE', `${kind} cannot be downloaded`, {
    where: refusals.join('\n            '),
    expected: `${names} from one of\n            ${folders.join('\n            ')}\n            (${page})`,
    fix: `download ${names} on another machine and run \`edgesweep data fetch ${kind} --from FOLDER\`, or put them into the folder ${kind} of the data directory`,
  });
}
