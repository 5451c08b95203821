import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { EdgesweepError, lazily, messageOf, type Parsed, packageRoot } from '../../shared/mod.ts';
import { writeFileAtomically } from './atomic-write.ts';
import { manifestPath } from './layout.ts';

/** UTC, as Date writes it */
const started = lazily(() => z.iso.datetime({ precision: 3 }));

/** What a run was made with. */
const made = lazily(() => ({
  numerics: z.string(),
  version: z.string(),
  /** of the checkout that edgesweep runs from, `-dirty` after it with uncommitted changes; null when installed as a package */
  gitRevision: z.string().nullable(),
  node: z.string(),
  v8: z.string(),
  arch: z.string(),
  platform: z.string(),
  command: z.array(z.string()),
}));

const mergedSchema = lazily(() => {
  const merged = z.object({
    directory: z.string(),
    shard: z.string().optional(),
    /** those taken from it: outcomes that it shares with a directory before it are counted there */
    outcomes: z.int().nonnegative(),
    /** absent where its manifest could not be read */
    made: z.object({ ...made(), started: started() }).optional(),
    /** what was merged into it before, with the counts of then */
    get merged(): z.ZodOptional<z.ZodArray<typeof merged>> {
      return z.array(merged).optional();
    },
  });
  return merged;
});

/** What made the outcomes of a directory, as of the last opening for writing. */
export const manifestSchema = lazily(() =>
  z.object({
    ...made(),
    /** outcomes that the journal had at the start; absent in manifests of earlier versions */
    recorded: z.int().nonnegative().optional(),
    started: started(),
    /** of a sweep whose runs are added as they are needed: tasks that it got, and why how many cells got no more */
    stops: z.object({ tasks: z.int(), narrow: z.int(), most: z.int(), missing: z.int() }).optional(),
    /** the earlier commands, the oldest first; a command that was repeated at once stands once, with its first start */
    history: z.array(z.object({ command: z.array(z.string()), started: started() })).optional(),
    /** what was merged into this directory, merge after merge; outcomes in none of them were computed here since */
    merged: z.array(mergedSchema()).optional(),
  }),
);
export type Manifest = Parsed<typeof manifestSchema>;

/** The oldest commands are dropped beyond it. */
const LONGEST_HISTORY = 100;

/**
 * @param recorded outcomes that the journal has
 * @param former the manifest that the directory has had, where it could be read
 */
export async function describeThisRun(
  command: string[],
  softwareVersion: string,
  numerics: string,
  recorded: number,
  former?: Manifest,
): Promise<Manifest> {
  const history = former === undefined ? [] : historyAfter(former);
  return {
    numerics,
    version: softwareVersion,
    gitRevision: await gitRevision(),
    node: process.version,
    v8: process.versions.v8,
    arch: process.arch,
    platform: process.platform,
    command,
    recorded,
    started: new Date().toISOString(),
    ...(history.length > 0 && { history }),
    ...(former?.merged !== undefined && { merged: former.merged }),
  };
}

/** What the last run was made with. */
export const madeOf = ({ recorded: _, stops: _stops, history: _history, merged: _merged, ...rest }: Manifest) => rest;

/** The history with the last command. */
function historyAfter({ history = [], command, started }: Manifest): NonNullable<Manifest['history']> {
  const isRepeated = JSON.stringify(history.at(-1)?.command) === JSON.stringify(command);
  return isRepeated ? history : [...history, { command, started }].slice(-LONGEST_HISTORY);
}

const textOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const manifestText = (manifest: Manifest): string => textOf({ ...manifest, digest: digestOf(manifest) });

/** @throws DISK */
export const writeManifest = (directory: string, manifest: Manifest): Promise<void> =>
  // with the keys in the order in which they are read
  writeFileAtomically(manifestPath(directory), manifestText(manifestSchema().parse(manifest)));

/** Adds why runs were no longer added. @throws DISK, DIRECTORY_UNREADABLE */
export async function noteStops(directory: string, stops: NonNullable<Manifest['stops']>): Promise<void> {
  await writeManifest(directory, { ...(await readManifest(directory)), stops });
}

/** Of everything else in the manifest. */
const digestOf = (manifest: Manifest): string => hash('sha256', JSON.stringify(manifest), 'hex').slice(0, 32);

/** @throws DIRECTORY_UNREADABLE */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = manifestPath(directory);
  try {
    const text = await readFile(path, 'utf8');
    const { digest, ...manifest } = manifestSchema()
      .extend({ digest: z.string().optional() })
      .strict()
      .parse(JSON.parse(text));
    // earlier versions wrote no digest; what a hole in a newer manifest leaves has another form than theirs
    if (text !== (digest === undefined ? textOf(manifest) : manifestText(manifest))) {
      throw new Error('it was changed after it was written: its digest does not match');
    }
    return manifest;
  } catch (cause) {
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'cannot read the manifest of the sweep directory', {
      where: path,
      expected: 'the manifest.json that `edgesweep run` writes',
      got: cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause),
      fix: 'check the path; `edgesweep run` with the same sweep rewrites the manifest',
      cause,
    });
  }
}

let known: Promise<string | null> | undefined;

function gitRevision(): Promise<string | null> {
  known ??= askGit();
  return known;
}

async function askGit(): Promise<string | null> {
  const root = packageRoot();
  // Without a repository of its own an installed package would be given the revision of the repository around it.
  if (!existsSync(join(root, '.git'))) return null;
  try {
    const { stdout } = await promisify(execFile)(
      'git',
      ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'],
      { cwd: root, timeout: 5000, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } },
    );
    return stdout.trim();
  } catch {
    // No git, or no commit yet: the version has to do.
    return null;
  }
}
