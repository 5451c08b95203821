import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { tryLock } from 'fs-native-extensions';
import {
  EdgesweepError,
  ENGINES,
  type EngineName,
  errorLine,
  IMAGE_KINDS,
  type ImageKind,
  messageOf,
  softwareVersion,
} from '../../shared/mod.ts';
import { atLeast, OLDEST_SERVER } from '../../shared/protocol/mod.ts';
import { createPool, engineOf, resolveEngine, tfjsBackend } from '../../worker/mod.ts';
import { selfTest } from '../../worker/node/mod.ts';
import { survey } from '../data/mod.ts';
import type { Finding } from './finding.ts';

const OLDEST_NODE = '20.19.0';

/**
 * What this machine has, for local runs and as a worker node.
 * @param folders data directories
 * @param env where EDGESWEEP_THREADS may be
 */
export async function examineMachine(folders: readonly string[], env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const engines = await Promise.all(ENGINES.map(engine));
  const data = IMAGE_KINDS.map((kind) => dataset(kind, folders));
  return [runtime(), threads(env), ...engines, await tfjs(), locks(), await serverProgram(), ...data];
}

function runtime(): Finding {
  const version = process.versions.node;
  const text = `Node ${version}, V8 ${process.versions.v8}, ${process.platform} ${process.arch}, edgesweep ${softwareVersion()}`;
  if (atLeast(version, OLDEST_NODE)) return { verdict: 'ok', what: 'runtime', text };
  return { verdict: 'problem', what: 'runtime', text: `${text}; Node ${OLDEST_NODE} or newer is needed` };
}

function threads(env: NodeJS.ProcessEnv): Finding {
  const set = env.EDGESWEEP_THREADS;
  return {
    verdict: 'fact',
    what: 'threads',
    text: `${availableParallelism()}${set ? `, EDGESWEEP_THREADS says ${set}` : ''}`,
  };
}

/** Every engine has to give the bits of one known result; there may be no native one. */
async function engine(name: EngineName): Promise<Finding> {
  const what = `engine ${name}`;
  try {
    resolveEngine(name);
  } catch (error) {
    if (error instanceof EdgesweepError && error.code === 'ENGINE_MISSING')
      return { verdict: 'fact', what, text: `${errorLine(error)}; simd gives the same bits` };
    return { verdict: 'problem', what, text: messageOf(error) };
  }
  const pool = createPool({ threads: 1, engine: name });
  try {
    await selfTest(pool, name);
    const { lanes } = engineOf(name);
    const chosen = resolveEngine('auto') === name ? '; the default engine' : '';
    return {
      verdict: 'ok',
      what,
      text: `reproduces the known task to the last bit, ${lanes} trials at a time${chosen}`,
    };
  } catch (error) {
    return { verdict: 'problem', what, text: messageOf(error) };
  } finally {
    await pool.close();
  }
}

/** TensorFlow.js is loaded only here and where a task needs it. */
async function tfjs(): Promise<Finding> {
  const what = 'engine tfjs';
  try {
    const { backend, why } = await tfjsBackend();
    return { verdict: 'fact', what, text: `backend ${backend}: ${why}` };
  } catch (error) {
    if (error instanceof EdgesweepError && error.code === 'ENGINE_MISSING')
      return { verdict: 'fact', what, text: `not installed; only sweeps that name it need it: ${error.details.fix}` };
    return {
      verdict: 'warning',
      what,
      text: `cannot be loaded: ${messageOf(error)}; only sweeps on engine tfjs need it`,
    };
  }
}

/** Two runs on one directory are kept apart by a lock, which some network file systems grant to everybody. */
function locks(): Finding {
  const what = 'locks';
  const parent = existsSync('results') ? 'results' : '.';
  const where = `on the file system of ${resolve(parent)}`;
  const descriptors: number[] = [];
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(parent, '.edgesweep-doctor-'));
    const path = join(folder, 'lock');
    descriptors.push(openSync(path, 'a+'), openSync(path, 'a+'));
    if (!tryLock(descriptors[0])) return { verdict: 'problem', what, text: `none is granted ${where}` };
    if (!tryLock(descriptors[1])) return { verdict: 'ok', what, text: `honoured ${where}` };
    return {
      verdict: 'problem',
      what,
      text: `not honoured ${where}: two runs could write to the same sweep directory; use --out on a local disk`,
    };
  } catch (error) {
    return { verdict: 'problem', what, text: `cannot be tested ${where}: ${messageOf(error)}` };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Only sweeps on this data set need it. */
function dataset(kind: ImageKind, folders: readonly string[]): Finding {
  const what = `data set ${kind}`;
  try {
    const found = survey(kind, folders);
    const best = found.find(({ verdict }) => verdict === 'verified') ?? found[0];
    const text = `${best.folder}: ${best.text}`;
    return { verdict: best.verdict === 'verified' ? 'ok' : 'warning', what, text };
  } catch (error) {
    if (error instanceof EdgesweepError && error.code === 'DATA_MISSING')
      return { verdict: 'fact', what, text: `not in ${folders.join(', ')}; only sweeps on it need it` };
    return { verdict: 'warning', what, text: messageOf(error) };
  }
}

/** Only the machine that serves needs it. */
async function serverProgram(): Promise<Finding> {
  const what = 'nats-server on PATH';
  try {
    const { stdout } = await promisify(execFile)('nats-server', ['--version']);
    const version = /v?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? stdout.trim();
    if (atLeast(version, OLDEST_SERVER)) return { verdict: 'ok', what, text: version };
    return { verdict: 'warning', what, text: `${version}; ${OLDEST_SERVER} or newer is needed to serve` };
  } catch {
    const text =
      'none; only the machine that runs the server needs it (Debian and Ubuntu: apt install nats-server; macOS: brew install nats-server)';
    return { verdict: 'fact', what, text };
  }
}
