import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { EdgesweepError, softwareVersion } from '../../../shared/mod.ts';
import type { Exports, Variable } from '../simd/kernel.ts';

/** What `kernel.cc` makes: the exports, the variables' addresses, and its memory. */
export type Instance = Exports & Record<Variable, number> & { adopt(memory: ArrayBuffer): number };

/** What `addon.cc` exports. */
export type Addon = {
  /** of the vectors that this processor has, most first */
  lanes: number[];
  version: string;
  instantiate(lanes: number): Instance;
};

const PLATFORM = `${process.platform}-${process.arch}`;
const PLATFORMS = ['linux-x64', 'linux-arm64'];
const CAPS = [4, 8, 16];

export function addonPath(platform: string): string {
  return fileURLToPath(new URL(`./prebuilds/${platform}/kernel.node`, import.meta.url));
}

/** Is there a file for this machine, whatever it is worth? */
export function wasBuilt(): boolean {
  return existsSync(addonPath(PLATFORM));
}

/** @throws EdgesweepError ENGINE_MISSING, which says why there is none */
export function loadAddon(platform = PLATFORM, path = addonPath(platform)): Addon {
  if (!PLATFORMS.includes(platform)) {
    throw missing(`no native kernel is available for ${platform}`, { expected: PLATFORMS.join(' or '), got: platform });
  }
  if (!existsSync(path)) {
    const fix = 'install a C++ compiler (Debian and Ubuntu: apt install g++) and run `npm run build`';
    throw missing('the native kernel was not built', { where: path, got: 'no such file', fix });
  }
  const rebuild = 'run `npm run build`, or reinstall edgesweep';
  // a truncated file can end the process when it is loaded
  const expected = existsSync(`${path}.sha256`) ? readFileSync(`${path}.sha256`, 'utf8').trim() : 'a digest beside it';
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (digest !== expected) {
    throw missing('the native kernel is not the file that was built', {
      where: path,
      expected,
      got: digest,
      fix: rebuild,
    });
  }
  let addon: Addon;
  try {
    addon = createRequire(import.meta.url)(path);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw missing('the native kernel cannot be loaded', { where: path, got, fix: rebuild, cause });
  }
  if (addon.version !== softwareVersion()) {
    const versions = { expected: softwareVersion(), got: String(addon.version) };
    throw missing('the native kernel has a different version', { where: path, ...versions, fix: rebuild });
  }
  return addon;
}

function missing(message: string, details: EdgesweepError['details']): EdgesweepError {
  return new EdgesweepError('ENGINE_MISSING', message, {
    fix: 'use --engine simd, which gives the same bits',
    ...details,
  });
}

/**
 * The numbers of lanes to use, most first: at most what EDGESWEEP_NATIVE_LANES says, so that every width can be tested on one machine.
 *
 * @throws EdgesweepError USAGE
 */
export function lanesOf(addon: Addon, cap = process.env.EDGESWEEP_NATIVE_LANES): number[] {
  if (cap === undefined || cap === '') return addon.lanes;
  if (!CAPS.map(String).includes(cap)) {
    throw new EdgesweepError('USAGE', 'EDGESWEEP_NATIVE_LANES is not a number of lanes', {
      expected: CAPS.join(', '),
      got: cap,
    });
  }
  return addon.lanes.filter((lanes) => lanes <= Number(cap));
}
