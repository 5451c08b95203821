import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { EdgesweepError, makeNodeKey, messageOf, type NodeKey, nodeKeyOf } from '../../shared/mod.ts';
import { at, type Surroundings } from './command.ts';

/** Where the private key of a node is: flag, environment, or a place that all nodes of this user on this machine share. */
export function keyFile(flag: string | undefined, { env, cwd }: Surroundings): { file: string; isNamed: boolean } {
  const named = flag ?? (env.EDGESWEEP_KEY && at(cwd, env.EDGESWEEP_KEY));
  if (named) return { file: named, isNamed: true };
  const state = env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return { file: join(state, 'edgesweep', 'node.key'), isNamed: false };
}

/**
 * The private key in a file that only its owner may read; it is made where there is none.
 * @throws EdgesweepError KEY_UNUSABLE
 */
export function loadNodeKey(file: string): { key: NodeKey; made: boolean } {
  try {
    const made = makeMissing(file);
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0) throw new Error(`other users may read it: mode ${(mode & 0o777).toString(8)}`);
    return { key: nodeKeyOf(readFileSync(file, 'utf8')), made };
  } catch (cause) {
    throw new EdgesweepError('KEY_UNUSABLE', 'the key of the node cannot be used', {
      where: file,
      expected:
        'an Ed25519 private key as PEM that only its owner may read (mode 600), or a path where one can be made',
      got: messageOf(cause),
      fix: `chmod 600 the file, remove it for a new key, or name another one with --key`,
      cause,
    });
  }
}

/** Step by step: Node's recursive mkdir never returns where the system says that a parent is missing which is there, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // another node that starts now may have made it
    if (!existsSync(folder)) throw error;
  }
}

/** Nodes that start at once must not end with two keys, so it is made beside its place, and the first to be put there stays. */
function makeMissing(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return false;
  makeFolder(dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, makeNodeKey(), { mode: 0o600, flag: 'wx' });
    // whatever the umask says
    chmodSync(temporary, 0o600);
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(file, { throwIfNoEntry: false })) return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}
