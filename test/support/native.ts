import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EdgesweepError, errorLine } from '../../shared/mod.ts';
import type { Engine } from '../../worker/engines/mod.ts';
import { type Addon, loadAddon } from '../../worker/engines/native/addon.ts';
import { createNativeEngine, engineOn } from '../../worker/engines/native/mod.ts';
import { createSimdEngine } from '../../worker/engines/simd/mod.ts';

export type NamedEngine = [name: string, engine: Engine];

const PLATFORM = `${process.platform}-${process.arch}`;
const WIDTHS = [16, 8, 4];
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The native engine in every width that this processor has; prints which are not tested, and why. */
export function nativeEngines(): NamedEngine[] {
  const addon = addonOrReason(() => loadAddon());
  return addon === undefined ? [] : enginesOf(addon, 'native');
}

/** The same code in every width, compiled for the oldest processor of this architecture: so every width can be tested on any. */
export function baselineEngines(): NamedEngine[] {
  const addon = addonOrReason(() => loadAddon(PLATFORM, buildVariant('baseline')));
  return addon === undefined ? [] : enginesOf(addon, 'native, for any processor');
}

function enginesOf(addon: Addon, name: string): NamedEngine[] {
  for (const lanes of WIDTHS) {
    if (!addon.lanes.includes(lanes))
      console.log(`not tested: ${name}, ${lanes} lanes: this processor has no such vectors`);
  }
  return addon.lanes.map((lanes) => [`${name}, ${lanes} lanes`, createNativeEngine({ ...addon, lanes: [lanes] })]);
}

/** The engines with the lanes as units of one network, whatever its width: otherwise only wide ones are trained like that. */
export function enginesAcross(): NamedEngine[] {
  const across = () => true;
  const addon = addonOrReason(() => loadAddon());
  return [
    ['simd, across', createSimdEngine(across)],
    ...(addon?.lanes ?? []).map(
      (lanes): NamedEngine => [`native, ${lanes} lanes, across`, engineOn(addon as Addon, [lanes], across)],
    ),
  ];
}

function addonOrReason(load: () => Addon): Addon | undefined {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    console.log(`not tested: the native engine: ${errorLine(error)}`);
    return undefined;
  }
}

/** Made once, and again when the kernel has changed; without a compiler there is no file. */
export function buildVariant(name: 'baseline' | 'fused'): string {
  const file = here(`../../.build/native/${name}.node`);
  const build = here('../../worker/engines/native/build.mjs');
  const { status, stderr } = spawnSync(process.execPath, [build, `--${name}`, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the native kernel does not compile: ${stderr}`);
  if (!existsSync(file)) console.log(`not tested: the native engine, ${name}: there is no C++ compiler`);
  return file;
}
