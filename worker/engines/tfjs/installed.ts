import { createRequire } from 'node:module';
import { EdgesweepError, npmInstallLine } from '../../../shared/mod.ts';

/** Optional peers of the package: over half of what an installation with them takes, for an engine that most sweeps never use. */
const LIBRARIES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-wasm'] as const;

const isInstalled = (name: string): boolean => {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
};

/**
 * Looks for TensorFlow.js and loads nothing of it.
 * @throws EdgesweepError ENGINE_MISSING with the command that installs it
 */
export function requireTfjs(has: (name: string) => boolean = isInstalled): void {
  const missing = LIBRARIES.filter((name) => !has(name));
  if (missing.length === 0) return;
  throw new EdgesweepError('ENGINE_MISSING', 'the engine tfjs needs TensorFlow.js, which is not installed', {
    where: '--engine tfjs, or `engine: tfjs` in the sweep',
    expected: LIBRARIES.join(', '),
    got: `${missing.join(', ')} missing`,
    fix: npmInstallLine(LIBRARIES),
  });
}
